import type { LastingTable } from '../lasting-table.ts'

export interface Owner {
  pid: number
  starttime: number
  comm: string
  uid: number
  exe: string | undefined
}

export interface Found {
  /** What it is told for. */
  kind: string
  line: string
  row: object
}

/** One process can map as much as it likes, and one account start many: neither leaves others without room. */
const most = { ofKind: 32, ofOwner: 1_500, rows: 5_000 }
/** Processes whose list could not be read, by number. */
const mostNamed = 50

export interface Told {
  add(owner: Owner, found: Found): void
  notRead(pid: string, why: string): void
  /** Of more than is told there are counts. */
  sayLeftOut(): void
}

export function newTold(table: LastingTable): Told {
  const ofOwner = new Map<number, number>()
  const ofKind = new Map<string, number>()
  const over = new Map<string, { pid: number; starttime: number; mappings: number }>()
  const unread = new Map<string, { processes: number; pids: number[] }>()
  return {
    add({ pid, starttime, comm, uid, exe }, { kind, line, row }) {
      const process = `${pid} ${starttime}`
      const one = `${process} ${kind}`
      const [kinds, owned] = [(ofKind.get(one) ?? 0) + 1, (ofOwner.get(uid) ?? 0) + 1]
      ofKind.set(one, kinds)
      if (kinds > most.ofKind || owned > most.ofOwner || table.rows.size >= most.rows) {
        const { mappings } = over.get(process) ?? { mappings: 0 }
        over.set(process, { pid, starttime, mappings: mappings + 1 })
        return
      }
      ofOwner.set(uid, owned)
      table.add({ kind: 'mapping', pid, starttime, line }, { exe, ...row }, { comm, uid })
    },
    notRead(pid, why) {
      const { processes, pids } = unread.get(why) ?? { processes: 0, pids: [] }
      if (pids.length < mostNamed) pids.push(Number(pid))
      unread.set(why, { processes: processes + 1, pids })
    },
    sayLeftOut() {
      const path = '/proc/<pid>/maps'
      for (const [why, counts] of unread) table.add({ kind: 'not-looked', path, why }, {}, counts)
      const why = `of more than ${most.ofKind} mappings of one sort in a process, ${most.ofOwner} of an account or ${most.rows} in all, the first are told`
      const rest = [...over.values()].sort((a, b) => b.mappings - a.mappings)
      for (const { pid, starttime, mappings } of rest.slice(0, mostNamed))
        table.add({ kind: 'not-looked', path: `/proc/${pid}/maps`, pid, starttime }, { why }, { mappings })
      if (rest.length > mostNamed)
        table.add({ kind: 'not-looked', path }, { why }, { processes: rest.length - mostNamed })
    },
  }
}
