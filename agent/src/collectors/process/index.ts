import { snapshotMs } from '@tidewaiter/protocol'
import { toRecord } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import type { Collector, From } from '../collector.ts'
import { handOver, passNumber, type Row } from '../pass.ts'
import { parseStat } from '../proc-stat.ts'
import { glanceAt, isSame, isTelling } from './glance.ts'
import { type Machine, readMachine } from './machine.ts'
import { macosProcesses } from './macos.ts'
import { parseArguments, parseOwner } from './status.ts'
import { windowsProcesses } from './windows.ts'

/** After so long no more programs are hashed in this pass; the next one finds those before it done. */
const hashingMs = 20_000
const method = '/proc'
/** Passes in which every process has its turn to be looked at whole: five minutes. In the others, only if it has changed. */
const turns = 30
/** So many processes are glanced at before others have their turn. */
const glances = 16
/** How the kernel says that a process has no login: -1 of an unsigned number. */
const noLogin = '4294967295'
/** Parent of all kernel threads, itself one. */
const kthreadd = 2

export const processes: Collector = {
  id: 'process',
  resource: 'Memory information',
  platforms: ['linux', 'win32', 'darwin'],
  every: snapshotMs.process,
  reads:
    'Every running process: parent, account, program with its SHA-256 and command line; on Linux from /proc, with login and folder; on Windows from Win32_Process, with its session. On macOS from ps, without login and folder.',
  needs:
    'To see processes of every account, run the agent as root (or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH), on Windows as the system.',
  cannotSee:
    'A process that begins and ends between two passes, what a kernel rootkit hides from /proc, names of accounts that are not in /etc/passwd, and what the memory of a process holds. On Windows the command line of protected processes, and programs on other machines are not hashed. On macOS the program is what the process was started by, which it may have made up, and what of it was replaced since; a program on another volume than that of the system is not hashed.',
  provenOn: 'Debian 12, live at every change; Windows and macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    if (host.platform === 'win32')
      return yield* handOver('process', [await windowsProcesses(host, signal)], { from, readAt })
    if (host.platform === 'darwin')
      return yield* handOver('process', [await macosProcesses(host, signal)], { from, readAt })
    const startedAt = host.steady()
    const machine = await readMachine(host)
    const known = knownIn(from)
    const rows = new Map<string, Row>()
    for (const pid of host.listNow('/proc').filter((name) => /^[1-9]\d*$/.test(name))) {
      if (signal.aborted) return
      const glance = glanceAt(host, pid)
      const same = unchanged(known.get(pid), glance)
      const mayHash = host.steady() - startedAt < hashingMs
      const seen = same ?? (await look(host, pid, { machine, mayHash, glance }))
      if (seen !== undefined) rows.set(seen.id, seen.row)
      if (same === undefined || rows.size % glances === 0) await host.breathe()
    }
    yield* handOver('process', [{ method, rows }], { from, readAt })
  },
}

interface Seen {
  id: string
  row: Row
}

/** By their pid, the rows of the pass before that may stand as they are: none in a full pass. */
function knownIn({ takeFull, before, position }: From): Map<string, Seen> {
  const turn = passNumber(position('process')) % turns
  const known = new Map<string, Seen>()
  if (takeFull()) return known
  for (const [id, row] of before.get(method) ?? []) {
    const pid = id.slice(0, id.indexOf(' '))
    if (Number(pid) % turns !== turn) known.set(pid, { id, row })
  }
  return known
}

function unchanged(known: Seen | undefined, glance: string | undefined): Seen | undefined {
  if (glance === undefined || known?.row.glance === undefined) return undefined
  return isSame(glance, known.row.glance) ? known : undefined
}

/** Undefined when the process has ended meanwhile. */
async function look(
  host: Host,
  pid: string,
  { machine, mayHash, glance }: { machine: Machine; mayHash: boolean; glance: string | undefined },
): Promise<Seen | undefined> {
  const at = `/proc/${pid}`
  const stat = parseStat(host.readNow(`${at}/stat`))
  const owner = parseOwner(host.readNow(`${at}/status`)?.toString('latin1') ?? '')
  if (stat === undefined || owner === undefined) return undefined
  const { comm, state, ppid, tty_nr, starttime } = stat
  const isKernel = ppid === kthreadd || pid === `${kthreadd}`
  const user = machine.users.get(owner.uid)
  const loginuid = host.readNow(`${at}/loginuid`)?.toString('latin1').trim() || noLogin
  const lasting = {
    tty_nr,
    ...owner,
    ...(user !== undefined && { user }),
    ...(loginuid !== noLogin && { loginuid: Number(loginuid) }),
    ...(isKernel ? { cmdline: [] } : await program(host, at, mayHash)),
  }
  const { hz, btime } = machine
  const record = toRecord({ pid: Number(pid), ppid, comm, state, starttime, hz, btime, ...lasting })
  // Out of the mark: the state, which changes all the time, the start of the machine, which moves when the clock is
  // set, and the name of a kernel worker, which says what it does just now.
  const mark = JSON.stringify([ppid, isKernel ? '' : comm, lasting])
  // What was not hashed yet is looked at again in the next pass.
  const tells = mayHash && glance !== undefined && isTelling(glance)
  return { id: `${pid} ${starttime}`, row: { record, mark, ...(tells && { glance }) } }
}

async function program(host: Host, at: string, mayHash: boolean) {
  const exe = host.linkNow(`${at}/exe`)
  const cwd = host.linkNow(`${at}/cwd`)
  const cmdline = (await host.readHanging(`${at}/cmdline`)) ?? Buffer.alloc(0)
  const hash = mayHash ? await host.hashFile(`${at}/exe`) : { why: 'not hashed yet' }
  return {
    ...(exe !== undefined && { exe }),
    ...(cwd !== undefined && { cwd }),
    ...('why' in cmdline ? { cmdlineWhy: cmdline.why } : { cmdline: parseArguments(cmdline) }),
    ...('sha256' in hash ? hash : { sha256Why: hash.why }),
    // The kernel adds the word to the name; a file may be called so, too.
    ...(exe?.endsWith(' (deleted)') && host.isDeleted(`${at}/exe`) && { deleted: true }),
  }
}
