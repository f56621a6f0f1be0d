import { isPrintable, latin1, u8, u24le, u32le } from '../bytes.ts'
import type { StreamProtocol } from '../protocol.ts'

/** MongoDB's wire protocol: length, request, response to, operation; all little-endian. */
const head = 16
const operation = { reply: 1, query: 2004, compressed: 2012, message: 2013 }
const mostMessage = 48_000_000

export const mongodb: StreamProtocol = {
  name: 'mongodb',
  finds: (asks, answers) =>
    isMessage(asks) || (asks.length === 0 && isMessage(answers)) ? { name: 'mongodb' } : undefined,
}

function isMessage(bytes: Uint8Array): boolean {
  const length = u32le(bytes, 0)
  if (length < head + 10 || length > mostMessage) return false
  const code = u32le(bytes, 12)
  if (code === operation.query) return isQuery(bytes, length)
  if (code === operation.message) return isSection(bytes, length)
  if (code === operation.reply) return u32le(bytes, 8) > 0 && isReply(bytes, length)
  return (
    code === operation.compressed &&
    [operation.query, operation.message].includes(u32le(bytes, head)) &&
    u8(bytes, 24) <= 3
  )
}

/** Flags, a collection such as `admin.$cmd`, two numbers, a document. */
function isQuery(bytes: Uint8Array, length: number): boolean {
  const end = bytes.indexOf(0, head + 4)
  if (end < 0 || !isPrintable(bytes, head + 4, end) || !latin1(bytes, head + 4, end).includes('.')) return false
  return isDocument(bytes, end + 9, length)
}

/** Four flags, a cursor, from, number of documents, a document. */
function isReply(bytes: Uint8Array, length: number): boolean {
  const count = u32le(bytes, 32)
  return u32le(bytes, head) <= 15 && count > 0 && count < 1_000_000 && isDocument(bytes, 36, length)
}

/** Flags, then a section of kind 0: one document. Only three flags are known. */
function isSection(bytes: Uint8Array, length: number): boolean {
  const isFlags = u24le(bytes, head) <= 3 && u8(bytes, head + 3) === 0
  return isFlags && u8(bytes, head + 4) === 0 && isDocument(bytes, head + 5, length)
}

/** BSON: its length, then the type of the first element. */
function isDocument(bytes: Uint8Array, at: number, to: number): boolean {
  const [length, type] = [u32le(bytes, at), u8(bytes, at + 4)]
  return length >= 5 && at + length <= to && type >= 0 && type <= 0x13
}
