import { toRecord } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import type { Row, Table } from '../pass.ts'
import { rowsOfScript } from '../script-rows.ts'

/** After so long no more programs are hashed in this pass; the next one finds those before it done. */
const hashingMs = 20_000

/** Rows of Win32_Process, each with the account that Get-Process names and the SHA-256 of its program. */
export async function windowsProcesses(host: Host, signal: AbortSignal): Promise<Table> {
  const startedAt = host.steady()
  const rows = new Map<string, Row>()
  for (const row of await rowsOfScript(host, 'processes', signal)) {
    const { ProcessId: pid, CreationDate: start = '', ExecutablePath: path } = row
    const hash = await hashOf(host, path, host.steady() - startedAt < hashingMs)
    const record = toRecord({ ...row, ...hash })
    // Numbers of processes are used again, at once: only with its start one names a process.
    rows.set(`${pid} ${start}`, { record, mark: record.toString() })
    await host.breathe()
  }
  return { method: 'Win32_Process', rows }
}

/** A program on another machine is not fetched: it may not answer, and who asks for it shows himself there. */
async function hashOf(host: Host, path: unknown, mayHash: boolean): Promise<object> {
  if (typeof path !== 'string') return {}
  if (!/^[A-Z]:\\/i.test(path)) return { sha256Why: 'not on a drive of this machine' }
  if (!mayHash) return { sha256Why: 'not hashed yet' }
  const hash = await host.hashFile(path)
  return 'why' in hash ? { sha256Why: hash.why } : hash
}
