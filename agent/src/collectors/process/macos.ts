import { toRecord } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import type { Row, Table } from '../pass.ts'
import { hashOfProgram } from '../program-of-mac.ts'

const limit = 16 * 1024 * 1024
/** After so long no more programs are hashed in this pass; the next one finds those before it done. */
const hashingMs = 20_000
/** Longest of the file name and of the arguments of one process that is told. */
const mostCharacters = 16_000
const columns = 'pid=,ppid=,uid=,ruid=,rgid=,tty=,lstart='
/** `Fri Nov 27 14:05:37 2026`: date and time of C (ps(1), `lstart`). */
const start = String.raw`\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}`
const line = new RegExp(String.raw`^ *(\d+) +(\d+) +(-?\d+) +(-?\d+) +(-?\d+) +(\S+) +(${start}) +(.*)$`)
const argumentsLine = new RegExp(String.raw`^ *(\d+) +(${start}) +(.*)$`)

/**
 * Every process as ps(1) of macOS shows it: once with the file name, which may hold spaces, once with the arguments.
 * @throws where there is no answer
 */
export async function macosProcesses(host: Host, signal: AbortSignal): Promise<Table> {
  const startedAt = host.steady()
  const seen = await askPs(host, `${columns},comm=`, signal)
  const said = argumentsOf(await askPs(host, 'pid=,lstart=,args=', signal))
  const rows = new Map<string, Row>()
  for (const text of seen) {
    const [, pid, ppid, uid, ruid, rgid, tty, lstart = '', comm = ''] = line.exec(text) ?? []
    const id = `${pid} ${lstart}`
    // No two processes have both: one of them is text that a process has in its name.
    if (pid === undefined || rows.has(id)) {
      const record = toRecord({ malformed: text.slice(0, mostCharacters) })
      rows.set(text, { record, mark: '' })
      continue
    }
    const args = said.get(id)
    const lasting = {
      ...{ ppid: Number(ppid), uid: Number(uid), ruid: Number(ruid), rgid: Number(rgid), tty },
      ...{ lstart, comm: comm.slice(0, mostCharacters) },
      ...(args !== undefined && { args: args.slice(0, mostCharacters) }),
      ...(await hashOf(host, comm, host.steady() - startedAt < hashingMs)),
    }
    rows.set(id, { record: toRecord({ pid: Number(pid), ...lasting }), mark: JSON.stringify(lasting) })
    if (rows.size % 16 === 0) await host.breathe()
  }
  return { method: 'ps -axww (TZ=UTC)', rows }
}

async function askPs(host: Host, wanted: string, signal: AbortSignal): Promise<string[]> {
  const answer = await host.ask('ps', ['-axww', '-o', wanted], { limit, signal })
  if ('why' in answer) throw new Error(`ps lists no processes: ${answer.why}.`)
  return answer
    .toString()
    .split('\n')
    .filter((text) => text.trim() !== '')
}

/** Arguments by number and start: between the two lists a number may have got another process. */
function argumentsOf(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const text of lines) {
    const [, pid, lstart, args = ''] = argumentsLine.exec(text) ?? []
    if (pid !== undefined) found.set(`${pid} ${lstart}`, args)
  }
  return found
}

/** The file name is what the process was started by, where that is a path. */
async function hashOf(host: Host, comm: string, mayHash: boolean): Promise<object> {
  if (!comm.startsWith('/')) return {}
  if (!mayHash) return { sha256Why: 'not hashed yet' }
  const hash = await hashOfProgram(host, comm)
  return 'why' in hash ? { sha256Why: hash.why } : hash
}
