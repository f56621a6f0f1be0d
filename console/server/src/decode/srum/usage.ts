import type { Event } from '../decoder.ts'
import { instant } from '../time.ts'
import type { Row } from './row.ts'

/** What the rows of a table say, in the words of ECS. */
export interface Usage {
  id: string
  says: string
  category: string
  type: string
  kind: 'metric' | 'event' | 'state'
  add?(event: Event, row: Row): void
}

/** Tables of Windows' providers by the GUID each is named by. A table that is not known is read under its own name. */
export const usages: ReadonlyMap<string, Usage> = new Map<string, Usage>([
  [
    '{973F5D5C-1D90-4944-BE8E-24B94231A174}',
    {
      ...{ id: 'network-usage', says: 'used the network', category: 'network', type: 'info', kind: 'metric' },
      add: addTraffic,
    },
  ],
  [
    '{DD6636C4-8929-4683-974E-22C046A43763}',
    {
      ...{ id: 'network-connectivity', says: 'was connected', category: 'network', type: 'info', kind: 'metric' },
      add: addConnection,
    },
  ],
  [
    '{D10CA2FE-6FCF-4F6D-848E-B2E99266FA89}',
    { id: 'resource-usage', says: 'used processor and disk', category: 'process', type: 'info', kind: 'metric' },
  ],
  [
    '{D10CA2FE-6FCF-4F6D-848E-B2E99266FA86}',
    { id: 'push-notification', says: 'was notified', category: 'process', type: 'info', kind: 'event' },
  ],
  [
    '{5C8CF1C7-7257-4F13-B223-970EF5939312}',
    {
      ...{ id: 'application-timeline', says: 'ran', category: 'process', type: 'info', kind: 'metric' },
      add: addTimeline,
    },
  ],
  [
    '{7ACBBAA3-D029-4BE4-9A7A-0885927F1D8F}',
    { id: 'vfu', says: 'was used', category: 'process', type: 'info', kind: 'metric' },
  ],
  ...['', 'LT'].map((more): [string, Usage] => [
    `{FEE4E14F-02A9-4550-B5CE-5FA2DA202E37}${more}`,
    {
      id: `energy-usage${more === '' ? '' : '-long-term'}`,
      says: 'used energy',
      category: 'host',
      type: 'info',
      kind: 'metric',
    },
  ]),
])

/** The machine is the source: what it sent went from it to others, whoever they were. */
function addTraffic(event: Event, row: Row): void {
  const [sent, received] = [numberIn(row, 'BytesSent'), numberIn(row, 'BytesRecvd')]
  if (sent !== undefined) event.source = { bytes: sent }
  if (received !== undefined) event.destination = { bytes: received }
  if (sent !== undefined && received !== undefined) {
    event.network = { bytes: sent + received }
    event.message = `${event.message}: ${sent} bytes sent, ${received} received`
  }
  addInterface(event, row)
}

function addConnection(event: Event, row: Row): void {
  const start = fileTimeIn(row, 'ConnectStartTime')
  if (start !== undefined) event.event.start = start
  const seconds = numberIn(row, 'ConnectedTime')
  if (seconds !== undefined) event.event.duration = seconds * 1_000_000_000
  addInterface(event, row)
}

/** The upper 16 bits of a NET_LUID are the type of the interface as IANA numbers them (ifType). */
function addInterface(event: Event, row: Row): void {
  const luid = row.get('InterfaceLuid')
  if (typeof luid !== 'number' && typeof luid !== 'string') return
  const type = interfaceTypes[Math.floor(Number(luid) / 2 ** 48)]
  if (type !== undefined) event.tidewaiter.interface = type
}

const interfaceTypes: Readonly<Record<number, string>> = {
  6: 'ethernet',
  23: 'ppp',
  24: 'loopback',
  71: 'wi-fi',
  131: 'tunnel',
  243: 'mobile',
  244: 'mobile',
}

function addTimeline(event: Event, row: Row): void {
  const end = fileTimeIn(row, 'EndTime')
  if (end !== undefined) event.event.end = end
  const ms = numberIn(row, 'DurationMS')
  if (ms !== undefined) event.event.duration = ms * 1_000_000
}

export function numberIn(row: Row, name: string): number | undefined {
  const value = row.get(name)
  return typeof value === 'number' ? value : undefined
}

const before1970 = 116_444_736_000_000_000n
const ticksInSecond = 10_000_000n

/** A FILETIME that stands in a column of numbers. */
function fileTimeIn(row: Row, name: string): string | undefined {
  const value = row.get(name)
  if (typeof value !== 'string' || !/^\d{17,19}$/.test(value)) return undefined
  const ticks = BigInt(value) - before1970
  if (ticks < 0n) return undefined
  return instant(Number(ticks / ticksInSecond), String(ticks % ticksInSecond).padStart(7, '0'))
}
