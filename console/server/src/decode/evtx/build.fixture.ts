import { crc32 } from '@tidewaiter/protocol'
import { chunkBytes, headBytes } from './chunk-head.ts'

/** A part of BinXML that may have to know at which byte of its chunk it will stand. */
export type Part = Buffer | ((at: number) => Buffer)

/** A value by its type and its bytes. */
export interface BuiltValue {
  type: number
  bytes: Buffer
}

const u8 = (value: number) => Buffer.from([value])
export const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8])
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

export const wide = (text: string) => Buffer.from(text, 'utf16le')

/** Parts one after the other, as they come out at a byte. */
export function join(parts: readonly Part[]): (at: number) => Buffer {
  return (at) => {
    let whole = Buffer.alloc(0)
    for (const part of parts)
      whole = Buffer.concat([whole, typeof part === 'function' ? part(at + whole.length) : part])
    return whole
  }
}

/** A name where it is first used, with the hash that Windows gives it. */
export function name(text: string): Part {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 65_599) + text.charCodeAt(i)) | 0
  return (at) => Buffer.concat([u32(at + 4), u32(0), u16(hash & 0xffff), u16(text.length), wide(text), u16(0)])
}

export const text = (value: string): Part => Buffer.concat([u8(0x05), u8(0x01), u16(value.length), wide(value)])
export const slot = (index: number, isOptional = false): Part =>
  Buffer.concat([u8(isOptional ? 0x0e : 0x0d), u16(index), u8(0)])

export function element(tag: string, content: readonly Part[], attributes: Readonly<Record<string, Part>> = {}): Part {
  const listed = Object.entries(attributes).flatMap(([key, value]): Part[] => [u8(0x06), name(key), value])
  const start = listed.length > 0 ? [u32(0), ...listed] : []
  return join([
    u8(listed.length > 0 ? 0x41 : 0x01),
    u16(0xffff),
    u32(0),
    name(tag),
    ...start,
    u8(0x02),
    ...content,
    u8(0x04),
  ])
}

export const fragment = (content: readonly Part[]): Part => join([Buffer.from([0x0f, 1, 1, 0]), ...content, u8(0x00)])

const guid = Buffer.from('d0c1b2a3f4e5d6c7b8a9100112233445', 'hex')

/** A template with its definition right here, and its values. */
export function instance(content: readonly Part[], values: readonly BuiltValue[]): Part {
  return (at) => {
    const definition = at + 10
    const body = join([fragment(content)])(definition + 24)
    const head = [u8(0x0c), u8(1), guid.subarray(0, 4), u32(definition), u32(0), guid, u32(body.length)]
    return Buffer.concat([...head, body, valuesOf(values)])
  }
}

/** The same template again, by the byte of its definition. */
export function again(definition: number, values: readonly BuiltValue[]): Part {
  return Buffer.concat([u8(0x0c), u8(1), guid.subarray(0, 4), u32(definition), valuesOf(values)])
}

function valuesOf(values: readonly BuiltValue[]): Buffer {
  const table = values.flatMap(({ type, bytes }) => [u16(bytes.length), u8(type), u8(0)])
  return Buffer.concat([u32(values.length), ...table, ...values.map(({ bytes }) => bytes)])
}

/** An event with a number, and data. */
export function event(data: readonly Part[]): Part {
  const system = element('System', [
    element('Provider', [], { Name: text('Test') }),
    element('EventID', [text('7')]),
    element('Channel', [text('Application')]),
  ])
  return element('Event', [system, element('EventData', data)])
}

/** 2019-05-12T18:10:42.4438123Z */
const writtenAt = 132_021_582_424_438_123n

/** A chunk with records of these contents, with its checksums, and what may be left over behind them. */
export function chunk(
  records: readonly Part[],
  { first = 1, leftOver = [] as readonly Part[], flags = 0 } = {},
): Buffer {
  const bytes = Buffer.alloc(chunkBytes)
  let at = headBytes
  const add = (content: Part, number: number) => {
    const body = join([content])(at + 24)
    const size = (24 + body.length + 4 + 7) & ~7
    Buffer.concat([u32(0x2a2a), u32(size), u64(BigInt(number)), u64(writtenAt), body]).copy(bytes, at)
    bytes.writeUInt32LE(size, at + size - 4)
    at += size
  }
  for (const [i, content] of records.entries()) add(content, first + i)
  const free = at
  for (const [i, content] of leftOver.entries()) add(content, 1000 + i)
  bytes.write('ElfChnk\0', 'latin1')
  bytes.writeBigUInt64LE(BigInt(first), 24)
  bytes.writeBigInt64LE(BigInt(first + records.length - 1), 32)
  bytes.writeUInt32LE(128, 40)
  bytes.writeUInt32LE(free, 48)
  bytes.writeUInt32LE(flags, 120)
  seal(bytes)
  return bytes
}

/** Writes the checksums anew. */
export function seal(bytes: Buffer): void {
  bytes.writeUInt32LE(crc32(bytes.subarray(headBytes, bytes.readUInt32LE(48))), 52)
  bytes.writeUInt32LE(crc32(bytes.subarray(128, headBytes), crc32(bytes.subarray(0, 120))), 124)
}

export function fileHead(flags = 0, chunks = 0): Buffer {
  const bytes = Buffer.alloc(4096)
  bytes.write('ElfFile\0', 'latin1')
  bytes.writeUInt16LE(1, 36)
  bytes.writeUInt16LE(3, 38)
  bytes.writeUInt16LE(4096, 40)
  bytes.writeUInt16LE(chunks, 42)
  bytes.writeUInt32LE(flags, 120)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 120)), 124)
  return bytes
}
