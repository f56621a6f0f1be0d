import { toEnd } from '../address.ts'
import type { Message } from '../decoder.ts'
import { countIn, defined, isRow, parseRow, type Row, rowIn, textIn } from '../row.ts'
import { isShallow } from '../shallow.ts'
import { readAccount } from './accounts.ts'
import { readAlert, readAnomaly, readDrop } from './alerts.ts'
import { readFlow } from './flow.ts'
import { readDns, readFile, readHttp, readMail, readSsh, readTls } from './protocols.ts'

/** A line of `eve.json` (docs.suricata.io, "EVE JSON Format"). */
export interface Eve {
  row: Row
  type: string
  raw: string
}

/** Undefined for a line that is none, or nests deeper than any does. */
export function readEve(line: string): Eve | undefined {
  if (!line.startsWith('{') || line.length > 1_048_576) return undefined
  const row = parseRow(line)
  const [type, raw] = [row && textIn(row, 'event_type'), row && textIn(row, 'timestamp')]
  if (row === undefined || type === undefined || raw === undefined || !isShallow(row)) return undefined
  return /^[a-z][a-z0-9_-]{1,39}$/.test(type) ? { row, type, raw } : undefined
}

type Part = Partial<Message>

/** Reads one part of a row. An alert may hold those of the protocol that it was raised in. */
const parts: readonly (readonly [name: string, read: (part: Row, row: Row) => Part])[] = [
  ['flow', readFlow],
  ['netflow', readFlow],
  ['http', readHttp],
  ['dns', readDns],
  ['tls', readTls],
  ['ssh', readSsh],
  ['fileinfo', readFile],
  ['smtp', readMail],
  ['smb', readAccount],
  ['krb5', readAccount],
  ['rfb', readAccount],
  ['ftp', readAccount],
  ['rdp', readAccount],
  ['anomaly', readAnomaly],
  ['drop', readDrop],
  ['alert', readAlert],
]

/** What a row means: its parts in order, where what comes later counts. */
export function messageOf({ row, type }: Eve): Message {
  const known = parts.filter(([name]) => isRow(row[name]))
  const message: Message = {
    event: { category: ['network'], type: ['info'], action: type },
    service: { name: 'suricata' },
    ...endsOf(row),
    tidewaiter: ownOf(row, type),
  }
  if (type === 'stats') Object.assign(message.tidewaiter ?? {}, statsOf(row))
  else if (!known.some(([name]) => name === type))
    message.tidewaiter = { ...message.tidewaiter, ...fieldsOf(row, type) }
  for (const [name, read] of known) {
    // A flow within an alert counts what had passed by then.
    if (name === 'flow' && type !== 'flow') continue
    merge(message, read(rowIn(row, name), row))
    // What matched says nothing of how the request within it ended.
    if (name === 'alert') delete message.event.outcome
  }
  return message
}

function merge(message: Message, part: Part): void {
  const { event, more, tidewaiter, network, source, destination, ...rest } = part
  Object.assign(message, rest)
  message.event = { ...message.event, ...event }
  if (more !== undefined) message.more = { ...message.more, ...more }
  if (network !== undefined) message.network = { ...message.network, ...network }
  if (source !== undefined) message.source = { ...message.source, ...source }
  if (destination !== undefined) message.destination = { ...message.destination, ...destination }
  message.tidewaiter = { ...message.tidewaiter, ...tidewaiter }
}

function endsOf(row: Row): Pick<Message, 'source' | 'destination' | 'network'> {
  const [from, to] = [textIn(row, 'src_ip'), textIn(row, 'dest_ip')]
  const protocol = textIn(row, 'app_proto')
  const vlan = Array.isArray(row.vlan) ? row.vlan[0] : undefined
  const community = textIn(row, 'community_id')
  const network = defined({
    transport: textIn(row, 'proto')?.toLowerCase(),
    protocol: protocol === 'failed' ? undefined : protocol,
    // What is no id of the kind would match nothing.
    community_id: community?.startsWith('1:') === true ? community : undefined,
    vlan: typeof vlan === 'number' ? { id: String(vlan) } : undefined,
  })
  return {
    ...(from !== undefined && { source: toEnd(from, countIn(row, 'src_port')) }),
    ...(to !== undefined && { destination: toEnd(to, countIn(row, 'dest_port')) }),
    ...(network !== undefined && { network }),
  }
}

function ownOf(row: Row, type: string): Record<string, unknown> {
  const flow = countIn(row, 'flow_id')
  return {
    ...defined({
      log: type,
      connection: flow === undefined ? undefined : String(flow),
      interface: textIn(row, 'in_iface'),
    }),
  }
}

/** Parts that nobody looks at, without the bytes of packets. */
function fieldsOf(row: Row, type: string): { fields?: unknown } {
  const fields = row[type]
  return fields === undefined || type === 'packet' ? {} : { fields }
}

/** How much was seen, and what was lost: where much was, silence says little. */
function statsOf(row: Row): Record<string, unknown> {
  const capture = rowIn(rowIn(row, 'stats'), 'capture')
  return defined({ packets: countIn(capture, 'kernel_packets'), lost: countIn(capture, 'kernel_drops') }) ?? {}
}
