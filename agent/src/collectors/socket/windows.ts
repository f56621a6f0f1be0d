import { toRecord } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import type { Row, Table } from '../pass.ts'
import { rowsOfScript } from '../script-rows.ts'

const methods = { tcp: 'Get-NetTCPConnection', udp: 'Get-NetUDPEndpoint' } as const

/** Rows of Get-NetTCPConnection and Get-NetUDPEndpoint, each with the process that holds it. */
export async function windowsSockets(host: Host, signal: AbortSignal): Promise<Table[]> {
  const tables = { tcp: new Map<string, Row>(), udp: new Map<string, Row>() }
  for (const row of await rowsOfScript(host, 'sockets', signal)) {
    const { LocalAddress, LocalPort, RemoteAddress, RemotePort, OwningProcess, CreationTime } = row
    const record = toRecord(row)
    const id = JSON.stringify([LocalAddress, LocalPort, RemoteAddress, RemotePort, OwningProcess, CreationTime])
    tables[row.Protocol === 'udp' ? 'udp' : 'tcp'].set(id, { record, mark: record.toString() })
  }
  return (['tcp', 'udp'] as const).map((protocol) => ({ method: methods[protocol], rows: tables[protocol] }))
}
