import { type End, toEnd } from '../address.ts'
import { firstLines, lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Event } from '../decoder.ts'
import { textEvent, unreadable } from '../document.ts'
import { toCount, toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { type Line, scan } from './line.ts'

const dataset = 'windows-firewall'

/** The log that Windows' own firewall keeps where it is told to. Its times are local. */
export const windowsFirewall: Decoder = {
  id: dataset,
  title: 'Windows Firewall log (pfirewall.log)',
  reads: ({ source }) => source.startsWith('log-file:') && /[\\/]pfirewall\.log(\.old)?$/i.test(source),
  detects(sample) {
    const all = firstLines(sample, 50).filter((line) => !line.startsWith('#'))
    return all.length > 0 && all.filter((line) => scan(withoutEnd(line)) !== undefined).length * 3 >= all.length
  },
  cut: lines,
  start(context) {
    const place = timeline(context)
    return { push: (record) => [toEvent(record, place)], end: () => [], state: () => undefined }
  },
}

function toEvent(record: DecodeRecord, place: Timeline): Event {
  const text = toText(record.bytes)
  const line = scan(withoutEnd(text))
  if (line !== undefined) return packetEvent(record, { text, line, place })
  const isHeader = text.startsWith('#') || text.trim() === ''
  if (isHeader) return textEvent(record, dataset, text)
  return unreadable(record, 'text', { says: 'This is no line of a log of Windows Firewall.', text })
}

function withoutEnd(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

function packetEvent(
  record: DecodeRecord,
  { text, line, place }: { text: string; line: Line; place: Timeline },
): Event {
  const event = textEvent(record, dataset, text)
  const { at, time } = place(line.rawTime, line.written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
  addWhat(event, line)
  addEnds(event, line)
  addNetwork(event, line)
  const pid = toCount(line.pid ?? '')
  if (pid !== undefined) event.process = { pid }
  return event
}

const said: Readonly<Record<string, { action: string; type: readonly string[] }>> = {
  ALLOW: { action: 'connection-allowed', type: ['connection', 'allowed'] },
  DROP: { action: 'packet-dropped', type: ['connection', 'denied'] },
}

function addWhat(event: Event, { action, info, ...line }: Line): void {
  const known = Object.hasOwn(said, action) ? said[action] : undefined
  event.event.category = ['network']
  event.event.type = known?.type ?? ['info']
  event.event.action = known?.action ?? action.toLowerCase()
  // The firewall could not keep up: so many are not in its log.
  const lost = action === 'INFO-EVENTS-LOST' ? toCount(info ?? '') : undefined
  if (lost !== undefined) event.tidewaiter.lost = lost
  const { protocol, source, destination, sourcePort, destinationPort } = line
  const from = source === undefined ? undefined : withPort(source, sourcePort)
  const to = destination === undefined ? undefined : withPort(destination, destinationPort)
  event.message = [action, protocol, from, to && `to ${to}`, lost].filter((word) => word !== undefined).join(' ')
}

function withPort(address: string, port: string | undefined): string {
  return port === undefined ? address : `${address} port ${port}`
}

/** As the host sees it: what it sends leaves it. */
const directions: Readonly<Record<string, string>> = { SEND: 'egress', RECEIVE: 'ingress' }

function addEnds(event: Event, line: Line): void {
  const source = endOf(line.source, line.sourcePort)
  const destination = endOf(line.destination, line.destinationPort)
  if (source !== undefined) event.source = source
  if (destination !== undefined) event.destination = destination
}

function addNetwork(event: Event, { protocol, path, size, tcpFlags, icmpType, icmpCode }: Line): void {
  const bytes = toCount(size ?? '')
  const direction = path !== undefined && Object.hasOwn(directions, path) ? directions[path] : undefined
  const number = protocol !== undefined && /^\d{1,3}$/.test(protocol) ? protocol : undefined
  event.network = {
    ...(number !== undefined && { iana_number: number }),
    ...(protocol !== undefined && number === undefined && { transport: protocol.toLowerCase() }),
    ...(direction !== undefined && { direction }),
    ...(bytes !== undefined && { bytes }),
  }
  if (tcpFlags !== undefined) event.tidewaiter.tcp_flags = tcpFlags
  if (icmpType !== undefined)
    event.tidewaiter.icmp = { type: icmpType, ...(icmpCode !== undefined && { code: icmpCode }) }
  if (path !== undefined && direction === undefined) event.tidewaiter.path = path
}

function endOf(address: string | undefined, port: string | undefined): End | undefined {
  return address === undefined ? undefined : toEnd(address, toCount(port ?? ''))
}
