import type { Event } from '../decode/decoder.ts'
import { openAxis, type Stand } from './axis.ts'
import type { EventTable } from './event-table.ts'

/** A host as far as files tell of one. */
export interface FileHost {
  no: number
  name?: string
  /** True where year or zone are not known: what is found there has no instants. */
  isOpen: boolean
}

export interface Intake {
  take(event: Event): void
  hosts(): Iterable<FileHost>
  /** Id of the record of an event in the table, which was named `<position>:<record>`. */
  recordOf(place: string): string
}

/** A hostile log may name another host in every line: beyond so many they are one without a name. */
const mostHosts = 10_000

/** Puts events into the table: those that are `wanted` and say when they were. Hosts are told apart by name. */
export function openIntake(table: EventTable, wanted: (event: Event) => boolean): Intake {
  const sources = new Map<string, { no: number; axis: (event: Event) => Stand | undefined }>()
  const prefixes: string[] = []
  const hosts = new Map<string, FileHost>()
  const sourceOf = (prefix: string) => {
    const known = sources.get(prefix) ?? { no: prefixes.push(prefix) - 1, axis: openAxis() }
    sources.set(prefix, known)
    return known
  }
  const hostOf = (named: string | undefined, isOpen: boolean) => {
    const name = hosts.has(`${isOpen} ${named}`) || hosts.size < mostHosts ? named : undefined
    const known = hosts.get(`${isOpen} ${name}`) ?? { no: hosts.size, isOpen, ...(name !== undefined && { name }) }
    hosts.set(`${isOpen} ${name}`, known)
    return known
  }
  return {
    take(event) {
      const [prefix, record] = parted(event.tidewaiter.record)
      const source = sourceOf(prefix)
      // The axis sees every event: what nobody reads tells of the turn of a year too.
      const stand = source.axis(event)
      if (stand === undefined || !wanted(event)) return
      const { ms: at, raw } = stand
      const { no: host } = hostOf(event.host?.name, raw !== undefined)
      table.add(event, { host, at, position: source.no, record, ...(raw !== undefined && { raw }) })
    },
    hosts: () => hosts.values(),
    recordOf(place) {
      const [position, record] = place.split(':')
      return `${prefixes[Number(position)]}${record}`
    },
  }
}

/** `<sha256>:<offset>`, `stdin:<offset>` or `<host>/<seq>/<index>`: what stands before the last number, and the number. */
function parted(id: string): [prefix: string, record: number] {
  const at = Math.max(id.lastIndexOf(':'), id.lastIndexOf('/')) + 1
  return [id.slice(0, at), Number(id.slice(at))]
}
