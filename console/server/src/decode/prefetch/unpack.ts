import { Damaged } from '../damaged.ts'
import { type Structure, structureOf } from '../structure.ts'
import { inflateXpressHuffman } from './xpress-huffman.ts'

/** From Windows 10 on a file is packed: `MAM`, how, size of what is packed (libyal, "Windows Prefetch File (PF) format", 2). */
const packedBy = 4
/** A checksum stands before the packed bytes. */
const withChecksum = 0x80
/** Windows keeps a few hundred KiB of a program; what claims more is not unpacked. */
const mostBytes = 8 * 1024 * 1024

/** True for files that begin as a prefetch file does; a packed one may hold something else. */
export function isPrefetch(sample: Uint8Array): boolean {
  return isPacked(sample) || isPlain(sample)
}

function isPacked(bytes: Uint8Array): boolean {
  const [m, a, n, how = 0] = bytes
  return bytes.length >= 8 && m === 0x4d && a === 0x41 && n === 0x4d && (how & ~withChecksum) === packedBy
}

/** `SCCA` after the version. */
function isPlain(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && bytes[4] === 0x53 && bytes[5] === 0x43 && bytes[6] === 0x43 && bytes[7] === 0x41
}

/** The file as it was before it was packed. Throws `Damaged`. */
export function unpack(file: Uint8Array): Structure {
  if (!isPacked(file)) return checked(file)
  const size = structureOf(file).u32(4)
  if (size > mostBytes)
    throw new Damaged('too-large', `It says that it holds ${size} bytes, more than any of its kind.`)
  const from = (file[3] ?? 0) & withChecksum ? 12 : 8
  return checked(inflateXpressHuffman(file.subarray(from), size))
}

function checked(bytes: Uint8Array): Structure {
  if (!isPlain(bytes)) throw new Damaged('format-unknown', 'It does not begin as a prefetch file does.')
  return structureOf(bytes)
}
