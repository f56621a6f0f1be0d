import type { ChunkHead } from '@tidewaiter/protocol'
import { toChunk } from '../../chunk.ts'
import type { Host } from '../../host.ts'
import { toTime } from '../../time.ts'
import type { Missed, Records, Standing } from '../collector.ts'
import { askEvents, eventsFrom, pageEvents } from './ask.ts'
import type { Channel } from './channels.ts'
import type { EventText } from './cut-events.ts'

const method = 'wevtutil qe /f:xml'
/** Of one record; a longer event goes in parts. */
const partBytes = 1024 * 1024
/** Of one hand-over. */
const handOverBytes = 2 * 1024 * 1024

/** What one look at a channel gave. */
export interface Look {
  taken: (Records | Missed | Standing)[]
  /** Number of the event to go on with. */
  next: number
  /** There may be more at once. */
  isFull: boolean
}

interface Place {
  /** Number of the event to go on with; undefined for a channel that was never read. */
  next: number | undefined
  sinceMs: number | undefined
}

/**
 * The events behind a place, a page of them. The event before it is asked for as well: that it comes shows that the
 * channel is the same; where it does not, events were lost or the numbers begin anew.
 */
export async function readChannel(host: Host, channel: Channel, place: Place, signal: AbortSignal): Promise<Look> {
  const source = `event-log:${channel.name}`
  const { next = 0 } = place
  const stay = (...taken: Look['taken']): Look => ({ taken, next, isFull: false })
  const query = eventsFrom(Math.max(0, next - 1), next === 0 ? place.sinceMs : undefined)
  const answer = await askEvents(host, { channel: channel.name, query, most: pageEvents }, signal)
  if (signal.aborted) return stay()
  if ('why' in answer) return stay({ source, state: 'failed', why: answer.why.slice(0, 400), fix: fixOf(channel) })
  const { events, asked } = answer
  if (events.length === 0) return empty(host, { channel, source, next, isNew: place.next === undefined }, signal)
  const fresh = behind(events, next)
  const newest = fresh.at(-1)?.number
  const after = newest === undefined ? next : newest + 1
  if (events.every(({ number }) => number === undefined))
    return stay({ source, state: 'failed', why: 'What wevtutil gives is no event.', fix: fixOf(channel) })
  const lost = place.next === undefined ? undefined : lossBefore(events[0], { source, next })
  const records = handOvers(fresh, { source, next: after, readAt: toTime(host.now()), before: next })
  return { taken: [...(lost ? [lost] : []), ...records], next: after, isFull: events.length >= asked && after !== next }
}

/**
 * Events that were not read, up to the last one that has a number: what follows that comes with the next look, behind
 * the same event, and so is read once.
 */
function behind(events: readonly EventText[], next: number): EventText[] {
  const from = events.findLastIndex(({ number }) => number !== undefined && number < next) + 1
  return events.slice(from, events.findLastIndex(({ number }) => number !== undefined) + 1)
}

/** Nothing came, not even the event that was read last: it is gone, or was never there. */
async function empty(
  host: Host,
  { channel, source, next, isNew }: { channel: Channel; source: string; next: number; isNew: boolean },
  signal: AbortSignal,
): Promise<Look> {
  const alive: Records = { source, chunks: [], next: { number: next } }
  const asked = { channel: channel.name, query: '*', newestFirst: true, most: 1 }
  const newest = isNew ? undefined : await askEvents(host, asked, signal)
  const number = newest === undefined || 'why' in newest ? undefined : newest.events[0]?.number
  if (number === undefined || next === 0) return { taken: [alive], next, isFull: false }
  if (number >= next - 1) {
    // Between the two questions it came back, or the query is not understood, which wevtutil does not say.
    const why = 'wevtutil gives no events although there are some.'
    return { taken: [{ source, state: 'failed', why, fix: fixOf(channel) }], next, isFull: false }
  }
  const cause = 'the numbers of the events begin anew: the log was removed or put back'
  return { taken: [{ source, lost: { count: null, cause } }], next: 0, isFull: true }
}

/** What is missing between the event that was read last and the oldest one that is there. */
function lossBefore(
  first: EventText | undefined,
  { source, next }: { source: string; next: number },
): Missed | undefined {
  if (first?.number === undefined || first.number <= next || next === 0) return undefined
  const cause = saysCleared(first.xml)
    ? 'the log was cleared before these events were read'
    : 'the log no longer holds these events: newer ones took their place, or it was cleared'
  return { source, lost: { count: first.number - next, cause } }
}

/** 1102 of Security and 104 of System are the first events of a log that was cleared. */
function saysCleared(xml: string): boolean {
  return /<EventID(?: [^>]*)?>(?:1102|104)<\/EventID>/.test(xml.slice(0, Math.max(0, xml.indexOf('</System>'))))
}

function fixOf({ name }: Channel): string {
  return `Run the agent as the system, or put its account into the group Event Log Readers, and look with: wevtutil gl "${name}"`
}

interface Head {
  source: string
  next: number
  readAt: string
  /** Where the first record stands when it does not say so. */
  before: number
}

/** In pieces that one batch holds; every one but the last goes on with the event behind its own last one. */
function handOvers(events: readonly EventText[], head: Head): Records[] {
  const taken: Records[] = []
  let part: { record: Buffer; number: number }[] = []
  let [bytes, at] = [0, head.before]
  const close = (next: number) => {
    if (part.length > 0) taken.push({ source: head.source, chunks: [chunkOf(part, head)], next: { number: next } })
    part = []
    bytes = 0
  }
  for (const { xml, number = at } of events) {
    const record = Buffer.from(xml)
    if (bytes + record.length > handOverBytes) close(number)
    if (record.length > partBytes) taken.push(inParts(record, number, head))
    else {
      part.push({ record, number })
      bytes += record.length
    }
    at = number + 1
  }
  close(head.next)
  return taken.length > 0 ? taken : [{ source: head.source, chunks: [], next: { number: head.next } }]
}

function headOf({ source, readAt }: Head, number: number): ChunkHead {
  return { source, start: { number }, readAt, method, unit: 'row', lf: true }
}

function chunkOf(part: readonly { record: Buffer; number: number }[], head: Head) {
  const jumps = new Map<number, number>()
  let expected = 0
  for (const [i, { number }] of part.entries()) {
    if (number !== expected) jumps.set(i, number)
    expected = number + 1
  }
  const chunk = toChunk(
    headOf(head, part[0]?.number ?? 0),
    part.map(({ record }) => record),
  )
  return jumps.size > 0 ? { ...chunk, jumps } : chunk
}

function inParts(record: Buffer, number: number, head: Head): Records {
  const count = Math.ceil(record.length / partBytes)
  const chunks = Array.from({ length: count }, (_, i) => {
    const isLast = i === count - 1
    const part = { ...headOf(head, number), lf: isLast, part: i + 1, ...(isLast && { last: true as const }) }
    return toChunk(part, [record.subarray(i * partBytes, (i + 1) * partBytes)])
  })
  return { source: head.source, chunks, next: { number: number + 1 } }
}
