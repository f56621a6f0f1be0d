import type { BatchEvent } from '../../decode/batch.ts'
import type { Clean } from '../clean.ts'
import { addressKey, normalAddress } from '../observable-key.ts'
import { part, wholeOf } from '../part.ts'
import { openMemory } from './remembered.ts'

/** Where an event stands, in numbers of the index. */
export interface Place {
  host: number
  source: number
  /** Ledger position of the batch of its first record, and the index of that record in it. */
  position: number
  record: number
  receivedAtMs: number
  /** Host clock minus console clock. */
  offsetMs: number
  /** Beside what the event says, where its first record does not suffice. */
  context: string | null
}

export type Value = string | number | null

/** Turns events into rows: values in the order of `eventColumns`. */
export type ToRow = (made: BatchEvent, place: Place) => Value[]

export function rowMaker(clean: Clean): ToRow {
  const known = openMemory().of((value): Address => {
    const normal = normalAddress(value)
    return { text: normal ?? clean(value), key: normal === undefined ? null : (addressKey(normal) ?? null) }
  })
  const text = (value: unknown): string | null => {
    if (typeof value === 'string') return value === '' ? null : clean(value)
    return typeof value === 'number' ? String(value) : null
  }
  const address = (value: unknown): Address => {
    if (typeof value !== 'string' || value === '') return noAddress
    return value.length > longestAddress ? { text: clean(value), key: null } : known(value)
  }
  const times = timesReader()
  return (made, { host, source, position, record, receivedAtMs, offsetMs, context }) => {
    const { event } = made
    const { readAtMs, hostAtMs, precisionMs } = times(made, receivedAtMs)
    const user = part(event.user)
    const process = part(event.process)
    const from = part(event.source)
    const to = part(event.destination)
    const [fromAddress, toAddress] = [address(from?.ip), address(to?.ip)]
    return [
      corrected(hostAtMs, offsetMs, precisionMs),
      hostAtMs,
      readAtMs,
      receivedAtMs,
      position,
      record,
      host,
      source,
      text(event.event.dataset),
      listText(event.event.category, clean),
      listText(event.event.type, clean),
      text(event.event.action),
      text(event.event.outcome),
      text(user?.name),
      text(part(user?.target)?.name),
      fromAddress.text,
      wholeOf(from?.port),
      toAddress.text,
      wholeOf(to?.port),
      text(process?.name),
      wholeOf(process?.pid),
      text(process?.executable),
      text(part(process?.hash)?.sha256)?.toLowerCase() ?? null,
      text(part(event.service)?.name),
      text(part(event.file)?.path),
      wholeOf(part(part(part(event.http)?.response)?.body)?.bytes),
      wholeOf(event.tidewaiter.repeated),
      context,
      fromAddress.key,
      toAddress.key,
    ]
  }
}

/** Indexes of some columns in a row. */
export const at = 0
export const dataset = 8
export const category = 9
interface Address {
  text: string | null
  key: string | null
}

const noAddress: Address = { text: null, key: null }
const longestAddress = 64

const firstMs = Date.parse('0000-01-01T00:00:00.000Z')
const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/** Times are written with four digits of year; a clock that is off by more is held at the end. */
function within(ms: number): number {
  return Math.min(Math.max(ms, firstMs), lastMs)
}

interface ReadTime {
  ms: number
  /** What its last digit stands for: a second where no fraction is written. */
  precisionMs: number
}

/** Undefined for what is no time. Lines of one second come one after another: most are the one before. */
function timeReader(): (text: string | undefined) => ReadTime | undefined {
  let lastText: string | undefined
  let lastTime: ReadTime | undefined
  return (text) => {
    if (text !== lastText) {
      const ms = text === undefined ? Number.NaN : Date.parse(text)
      lastText = text
      lastTime = text === undefined || Number.isNaN(ms) ? undefined : { ms: within(ms), precisionMs: precisionOf(text) }
    }
    return lastTime
  }
}

/** Of RFC 3339 in UTC: the index knows nothing finer than milliseconds. */
function precisionOf(text: string): number {
  const point = text.lastIndexOf('.')
  const digits = point < 0 ? 0 : text.length - point - 2
  return digits >= 3 ? 1 : 10 ** (3 - digits)
}

interface HostTimes {
  readAtMs: number
  hostAtMs: number
  precisionMs: number
}

/** When an event was read and when it occurred, by the clock of the host. */
export function timesReader(): (made: BatchEvent, otherwiseMs: number) => HostTimes {
  const readTime = timeReader()
  const eventTime = timeReader()
  return ({ event, readAt }, otherwiseMs) => {
    const read = readTime(readAt) ?? { ms: otherwiseMs, precisionMs: 1 }
    const { ms, precisionMs } = eventTime(event['@timestamp']) ?? read
    return { readAtMs: read.ms, hostAtMs: ms, precisionMs }
  }
}

/**
 * By the clock of the console, no finer than the source said it: a line of 23:00:01 on a clock that is 2 ms fast was
 * not written at 23:00:00.998. @param offsetMs host clock minus console clock
 */
export function corrected(hostAtMs: number, offsetMs: number, precisionMs: number): number {
  return within(hostAtMs - Math.trunc(offsetMs / precisionMs) * precisionMs)
}

/** Decoders give the same few lists again and again. */
const lists = new WeakMap<object, string>()

function listText(value: unknown, clean: Clean): string | null {
  if (!Array.isArray(value) || value.length === 0) return null
  const known = lists.get(value)
  if (known !== undefined) return known
  const text = ` ${value
    .filter((item) => typeof item === 'string')
    .map(clean)
    .join(' ')} `
  lists.set(value, text)
  return text
}
