import { ipv4At, ipv6At } from '../address.ts'
import { u8, u16, u32 } from '../bytes.ts'

/** A message of DNS (RFC 1035, section 4). */
export interface Message {
  id: number
  flags: number
  questions: readonly Question[]
  answers: readonly Answer[]
}

export interface Question {
  name: string
  type: number
  class: number
}

export interface Answer extends Question {
  ttl: number
  /** In the form of zone files; empty for types that have none here. */
  data: string
}

const head = 12
/** Records that are looked at, and labels and pointers of a name: more do not fit into its 255 bytes. */
const [mostRecords, mostSteps] = [64, 160]

/** Undefined for what is no message: every question and record must be one, up to the last byte. */
export function messageIn(bytes: Uint8Array, from: number, to: number): Message | undefined {
  const [count, answers] = [u16(bytes, from + 4), u16(bytes, from + 6)]
  const records = answers + u16(bytes, from + 8) + u16(bytes, from + 10)
  // The shortest question has 5 bytes, the shortest record 11.
  if (from + head > bytes.length || count + records === 0 || head + count * 5 + records * 11 > to - from)
    return undefined
  const reading: Reading = { bytes, from, at: from + head, to: Math.min(to, bytes.length) }
  const questions = several(reading, count, questionAt)
  if (questions.length < Math.min(count, mostRecords)) return undefined
  const found = several(reading, records, recordAt)
  const isCut = bytes.length < to
  if (found.length < Math.min(records, mostRecords)) {
    if (!isCut || count === 0) return undefined
  } else if (!isCut && count <= mostRecords && records <= mostRecords && reading.at !== to) return undefined
  return { id: u16(bytes, from), flags: u16(bytes, from + 2), questions, answers: found.slice(0, answers) }
}

/** As many as there are to be, as far as they can be read. */
function several<One>(reading: Reading, count: number, at: (reading: Reading) => One | undefined): One[] {
  const all: One[] = []
  while (all.length < Math.min(count, mostRecords)) {
    const one = at(reading)
    if (one === undefined) break
    all.push(one)
  }
  return all
}

interface Reading {
  bytes: Uint8Array
  /** Where the message begins: pointers count from there. */
  from: number
  at: number
  to: number
}

function questionAt(reading: Reading): Question | undefined {
  const name = nameAt(reading)
  const { bytes, at } = reading
  if (name === undefined || at + 4 > reading.to) return undefined
  reading.at += 4
  return { name, type: u16(bytes, at), class: u16(bytes, at + 2) }
}

function recordAt(reading: Reading): Answer | undefined {
  const question = questionAt(reading)
  const { bytes, at } = reading
  const length = u16(bytes, at + 4)
  if (question === undefined || question.type === 0 || length < 0 || at + 6 + length > reading.to) return undefined
  reading.at = at + 6
  const data = dataAt({ ...reading, to: reading.at + length }, question.type)
  reading.at = at + 6 + length
  return data === undefined ? undefined : { ...question, ttl: u32(bytes, at), data }
}

/** A name in the usual form; other than printable characters as `\DDD` (RFC 1035, section 5.1). Moves on behind it. */
function nameAt(reading: Reading): string | undefined {
  const labels: string[] = []
  let at: number | undefined = reading.at
  let end: number | undefined
  for (let steps = 0; steps < mostSteps && at !== undefined; steps++) {
    const length = at < reading.to ? u8(reading.bytes, at) : -1
    if (length === 0) {
      reading.at = end ?? at + 1
      return labels.join('.')
    }
    if (length >= 0xc0) end ??= at + 2
    else if (length > 0) labels.push(labelAt(reading.bytes, at + 1, length))
    at = nextLabel(reading, at, length)
  }
  return undefined
}

/** Behind a label, or where a pointer leads: backwards only, so that none leads to itself. */
function nextLabel({ bytes, from, to }: Reading, at: number, length: number): number | undefined {
  if (length < 0xc0) return length < 0 || length > 63 || at + 1 + length > to ? undefined : at + 1 + length
  const target = from + (u16(bytes, at) & 0x3fff)
  return at + 2 > to || target >= at || target < from + head ? undefined : target
}

function labelAt(bytes: Uint8Array, at: number, length: number): string {
  let label = ''
  for (let i = at; i < at + length; i++) {
    const byte = u8(bytes, i)
    const isPlain = byte > 32 && byte < 127 && byte !== 46 && byte !== 92
    label += isPlain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`
  }
  return label
}

const types = { a: 1, ns: 2, cname: 5, ptr: 12, mx: 15, aaaa: 28, srv: 33 }

function dataAt(reading: Reading, type: number): string | undefined {
  const { bytes, at, to } = reading
  const length = to - at
  if (type === types.a) return length === 4 ? ipv4At(bytes, at) : undefined
  if (type === types.aaaa) return length === 16 ? ipv6At(bytes, at) : undefined
  if (type === types.ns || type === types.cname || type === types.ptr) return nameAt(reading)
  if (type === types.mx) return numbered(reading, 1)
  return type === types.srv ? numbered(reading, 3) : ''
}

/** Numbers, then a name. */
function numbered(reading: Reading, count: number): string | undefined {
  const numbers = Array.from({ length: count }, (_, i) => u16(reading.bytes, reading.at + i * 2))
  reading.at += count * 2
  const name = nameAt(reading)
  return name === undefined ? undefined : [...numbers, name].join(' ')
}
