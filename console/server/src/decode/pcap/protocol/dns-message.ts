import { formatIpv6 } from '../../address.ts'
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
/** Records that are looked at, and names that pointers may lead through. */
const [mostRecords, mostJumps] = [64, 16]

/** @returns undefined for what is no message: every question and record must be one, up to the last byte */
export function messageIn(bytes: Uint8Array, from: number, to: number): Message | undefined {
  const [id, flags, count] = [u16(bytes, from), u16(bytes, from + 2), u16(bytes, from + 4)]
  const records = u16(bytes, from + 6) + u16(bytes, from + 8) + u16(bytes, from + 10)
  // The shortest question has 5 bytes, the shortest record 11.
  if (count + records === 0 || head + count * 5 + records * 11 > to - from) return undefined
  const reading = { bytes, from, at: from + head, to: Math.min(to, bytes.length) }
  const isCut = bytes.length < to
  const questions: Question[] = []
  const answers: Answer[] = []
  for (let i = 0; i < Math.min(count, mostRecords); i++) {
    const question = questionAt(reading)
    if (question === undefined) return undefined
    questions.push(question)
  }
  for (let i = 0; i < Math.min(records, mostRecords); i++) {
    const answer = recordAt(reading)
    if (answer === undefined) return isCut && questions.length > 0 ? { id, flags, questions, answers } : undefined
    if (i < u16(bytes, from + 6)) answers.push(answer)
  }
  const isRead = count <= mostRecords && records <= mostRecords
  return isRead && reading.at !== to && !isCut ? undefined : { id, flags, questions, answers }
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
  if (question === undefined || length < 0 || at + 6 + length > reading.to) return undefined
  reading.at = at + 6
  const data = dataAt({ ...reading, to: reading.at + length }, question.type)
  reading.at = at + 6 + length
  return data === undefined ? undefined : { ...question, ttl: u32(bytes, at), data }
}

/** A name in the usual form; other than printable characters as `\DDD` (RFC 1035, section 5.1). Moves on behind it. */
function nameAt(reading: Reading): string | undefined {
  const { bytes, from, to } = reading
  let at = reading.at
  let end = -1
  let name = ''
  for (let jumps = 0; jumps < mostJumps; ) {
    const length = u8(bytes, at)
    if (length < 0 || at >= to) return undefined
    if (length === 0) {
      reading.at = end < 0 ? at + 1 : end
      return name
    }
    if (length >= 0xc0) {
      const target = from + (u16(bytes, at) & 0x3fff)
      // Backwards only: no pointer leads to itself.
      if (at + 2 > to || target >= at || target < from + head) return undefined
      if (end < 0) end = at + 2
      at = target
      jumps++
    } else {
      if (length > 63 || at + 1 + length > to || name.length > 1024) return undefined
      name += `${name === '' ? '' : '.'}${labelAt(bytes, at + 1, length)}`
      at += 1 + length
    }
  }
  return undefined
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
  if (type === types.a) return length === 4 ? [0, 1, 2, 3].map((i) => u8(bytes, at + i)).join('.') : undefined
  if (type === types.aaaa)
    return length === 16 ? formatIpv6(Array.from({ length: 8 }, (_, i) => u16(bytes, at + i * 2))) : undefined
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
