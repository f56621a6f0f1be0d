import type { DatabaseServer } from '@tidewaiter/protocol'
import { toRecord } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import type { Row, Table } from '../pass.ts'
import { parseStat } from '../proc-stat.ts'

/** Database servers by the name of their process; Oracle's are called after their task and instance. */
export const engines: readonly { name: string; comm: RegExp; asked?: DatabaseServer['engine'] }[] = [
  { name: 'postgresql', comm: /^(postgres|postmaster)$/, asked: 'postgresql' },
  { name: 'mysql', comm: /^mysqld$/, asked: 'mysql' },
  { name: 'mariadb', comm: /^mariadbd$/, asked: 'mysql' },
  { name: 'sql-server', comm: /^sqlservr$/, asked: 'sql-server' },
  { name: 'mongodb', comm: /^mongod$/ },
  { name: 'oracle', comm: /^(ora_|oracle)/ },
  { name: 'db2', comm: /^db2sysc$/ },
]

/** Names of processes are free to choose: a fork bomb that calls itself postgres makes no more work than this. */
const mostProcesses = 2_000
const mostServers = 32
/** Between them others get their turn. */
const breatheEvery = 200

/** Of proc(5): bytes asked for, and bytes that came from a disk. */
const counters = ['rchar', 'read_bytes', 'syscr'] as const

interface Member {
  pid: number
  ppid: number
  starttime: number
  engine: (typeof engines)[number]
  io: Partial<Record<(typeof counters)[number], number>> | undefined
}

/**
 * A row for every server, with what it and its children read. The kernel adds what a child read to its parent when it is
 * reaped: their sum only rises, but for a child that ends between two looks.
 */
export async function serverProcesses(host: Host): Promise<{ table: Table; running: ReadonlySet<string> }> {
  const members = new Map<number, Member>()
  let looked = 0
  for (const name of host.listNow('/proc')) {
    if (!/^\d+$/.test(name)) continue
    if (++looked % breatheEvery === 0) await host.breathe()
    const member = members.size < mostProcesses ? memberOf(host, Number(name)) : undefined
    if (member !== undefined) members.set(member.pid, member)
  }
  const rows = new Map<string, Row>()
  const running = new Set<string>()
  for (const [server, group] of grouped(members)) {
    const { pid, starttime, engine } = server
    running.add(engine.name)
    const record = toRecord({ view: '/proc/<pid>/io', engine: engine.name, pid, starttime, ...sumOf(group) })
    if (rows.size < mostServers) rows.set(`${pid} ${starttime}`, { record, mark: record.toString('latin1') })
  }
  return { table: { method: '/proc/<pid>/io', rows }, running }
}

function memberOf(host: Host, pid: number): Member | undefined {
  const comm = host.textNow(`/proc/${pid}/comm`)?.trimEnd() ?? ''
  const engine = engines.find((each) => each.comm.test(comm))
  const stat = engine && parseStat(host.readNow(`/proc/${pid}/stat`))
  if (engine === undefined || stat === undefined) return undefined
  return { pid, ppid: stat.ppid, starttime: stat.starttime, engine, io: parseIo(host.textNow(`/proc/${pid}/io`)) }
}

/** Undefined when it may not be read. */
function parseIo(text: string | undefined): Member['io'] {
  if (text === undefined) return undefined
  const io: NonNullable<Member['io']> = {}
  for (const counter of counters) {
    const value = Number(new RegExp(`^${counter}: (\\d{1,20})$`, 'm').exec(text)?.[1])
    if (Number.isSafeInteger(value)) io[counter] = value
  }
  return io
}

function grouped(members: ReadonlyMap<number, Member>): Map<Member, Member[]> {
  const groups = new Map<Member, Member[]>()
  for (const member of members.values()) {
    const server = serverOf(member, members)
    const group = groups.get(server)
    if (group === undefined) groups.set(server, [member])
    else group.push(member)
  }
  return groups
}

/** The uppermost process of the same engine. A process that says it is its own ancestor ends the search. */
function serverOf(member: Member, members: ReadonlyMap<number, Member>): Member {
  let server = member
  for (let steps = 0; steps < 8; steps++) {
    const parent = members.get(server.ppid)
    if (parent === undefined || parent.engine !== member.engine) return server
    server = parent
  }
  return server
}

function sumOf(group: readonly Member[]): object {
  const read = group.flatMap(({ io }) => io ?? [])
  if (read.length < group.length)
    return { processes: group.length, why: 'The counters of a process of another account: run the agent as root.' }
  const sums = counters.map((counter) => [counter, read.reduce((sum, io) => sum + (io[counter] ?? 0), 0)])
  return { processes: group.length, ...Object.fromEntries(sums) }
}
