import { refuse } from '../error.ts'
import { type ByteSource, byteSource } from './byte-source.ts'

/** A file inside a backup. */
export interface Member {
  name: string
  size: number
  pieces: AsyncIterable<Uint8Array>
}

const blockBytes = 512
/** Largest size the eleven octal digits of ustar can tell. */
const mostOctal = 8 ** 11 - 1
const namePattern = /^[a-z0-9][a-z0-9.-]*(?:\/[a-z0-9_][a-z0-9_.-]*)*$/

/** Members one after the other as ustar: plain files of fixed owner, mode and time. */
export async function* tarOf(members: AsyncIterable<Member>): AsyncGenerator<Uint8Array> {
  for await (const { name, size, pieces } of members) {
    yield headerOf(name, size)
    let bytes = 0
    for await (const piece of pieces) {
      bytes += piece.length
      yield piece
    }
    if (bytes !== size) throw new Error(`${name} has ${bytes} bytes and not ${size}`)
    if (bytes % blockBytes > 0) yield Buffer.alloc(blockBytes - (bytes % blockBytes))
  }
  yield Buffer.alloc(2 * blockBytes)
}

/** A member whose bytes are there already. */
export function memberOf(name: string, bytes: Uint8Array): Member {
  const pieces = (async function* () {
    yield bytes
  })()
  return { name, size: bytes.length, pieces }
}

function headerOf(name: string, size: number): Buffer {
  if (!namePattern.test(name) || name.length > 100) throw new Error(`${name} is no name of a member`)
  const block = Buffer.alloc(blockBytes)
  block.write(name, 0, 'latin1')
  block.write('0000600\0', 100, 'latin1')
  block.write('0000000\0', 108, 'latin1')
  block.write('0000000\0', 116, 'latin1')
  if (size <= mostOctal) block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  else {
    // As GNU tar and pax have it: the first bit set, and the number big-endian.
    block[124] = 0x80
    block.writeUIntBE(size, 130, 6)
  }
  block.write('00000000000\0', 136, 'latin1')
  block.write('0', 156, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  writeSum(block)
  return block
}

function sumOf(block: Uint8Array): number {
  return block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0)
}

function writeSum(block: Buffer): void {
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}

/**
 * The members of what `tarOf` writes, and of nothing else: no links, no folders, no names that lead elsewhere. A member
 * has to be read before the next one is asked for; what is left of it is passed over.
 * @throws `backup-malformed`, `backup-damaged`
 */
export async function* membersOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
  const source = byteSource(pieces)
  for (;;) {
    const block = await source.take(blockBytes)
    if (block.length < blockBytes) throw refuse('backup-damaged', 'The backup ends inside.')
    if (block.every((byte) => byte === 0)) break
    const { name, size } = readBlock(block)
    const content = contentOf(source, size)
    yield { name, size, pieces: content }
    for await (const _ of content);
    const padding = (blockBytes - (size % blockBytes)) % blockBytes
    if (!isZero(await source.take(padding), padding)) throw malformed('a member is not filled up with zeros')
  }
  if (!isZero(await source.take(blockBytes), blockBytes) || (await source.take(1)).length > 0)
    throw malformed('something stands behind its end')
}

function isZero(bytes: Uint8Array, length: number): boolean {
  return bytes.length === length && bytes.every((byte) => byte === 0)
}

/** Takes a member only as it is written here: the header made again must be the same bytes. */
function readBlock(block: Buffer): { name: string; size: number } {
  const name = block.toString('latin1', 0, 100).replace(/\0+$/, '')
  const isLarge = block[124] === 0x80
  const size = isLarge ? block.readUIntBE(130, 6) : Number.parseInt(block.toString('latin1', 124, 135), 8)
  if (!namePattern.test(name) || name.includes('..') || !Number.isSafeInteger(size))
    throw malformed('a member has no name or size that a backup has')
  if (!headerOf(name, size).equals(block)) throw malformed(`the header of ${name} is not the one a backup has`)
  return { name, size }
}

const pieceBytes = 256 * 1024

async function* contentOf(source: ByteSource, size: number): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; ) {
    const piece = await source.take(Math.min(left, pieceBytes))
    if (piece.length === 0) throw refuse('backup-damaged', 'The backup ends inside a member.')
    left -= piece.length
    yield piece
  }
}

/** All of a member that has at most so many bytes. Throws `backup-malformed` before more are read. */
export async function wholeOf({ name, size, pieces }: Member, mostBytes: number): Promise<Buffer> {
  if (size > mostBytes) throw malformed(`${name} has ${size} bytes, more than a backup puts there`)
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(piece)
  return Buffer.concat(parts)
}

function malformed(what: string) {
  return refuse('backup-malformed', `This is no backup of this console: ${what}.`)
}
