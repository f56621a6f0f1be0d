import { toRecord } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import type { Row, Table } from '../pass.ts'

const limit = 4 * 1024 * 1024
/** The last seven columns of the line of an interface itself; its address before them may be missing (netstat(1), -ib). */
const columns = ['rx_packets', 'rx_errs', 'rx_bytes', 'tx_packets', 'tx_errs', 'tx_bytes', 'tx_colls']

/**
 * Counters of every interface, with the names that they have on Linux.
 * @throws where there is no answer
 */
export async function macosInterfaces(host: Host, signal: AbortSignal): Promise<Table> {
  const answer = await host.ask('netstat', ['-ibn'], { limit, signal })
  if ('why' in answer) throw new Error(`netstat lists no interfaces: ${answer.why}.`)
  const rows = new Map<string, Row>()
  for (const line of answer.toString().split('\n')) {
    const words = line.trim().split(/ +/)
    const values = words.slice(-columns.length)
    // One that is down has a star behind its name.
    const [name = '', , link = ''] = words
    if (!link.startsWith('<Link#') || !values.every((value) => /^\d{1,15}$/.test(value))) continue
    const face = name.replace(/\*$/, '')
    const counters = columns.map((column, i) => [column, Number(values[i])] as const)
    rows.set(face, { record: toRecord({ face, ...Object.fromEntries(counters) }), mark: values.join(' ') })
  }
  return { method: 'netstat -ibn', rows }
}
