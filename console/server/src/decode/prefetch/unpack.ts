import { Damaged, readOr } from '../damaged.ts'
import { type Structure, structureOf } from '../structure.ts'
import { inflateXpressHuffman } from './xpress-huffman.ts'

/** From Windows 10 on a file is packed: `MAM`, how, size of what is packed (libyal, "Windows Prefetch File (PF) format", 2). */
const packedBy = 4
/** A checksum stands before the packed bytes. */
const withChecksum = 0x80
/** Windows keeps a few hundred KiB of a program; what claims more is not unpacked. */
const mostBytes = 8 * 1024 * 1024

/** True for the beginning of a prefetch file. Other files of Windows are packed alike: what a packed one holds is looked at. */
export function isPrefetch(sample: Uint8Array): boolean {
  if (!isPacked(sample)) return isPlain(sample)
  return readOr(
    () => isPlain(inflateXpressHuffman(sample.subarray(packedAt(sample)), plainBytes)),
    () => false,
  )
}

/** Version and `SCCA`. */
const plainBytes = 8

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
  return checked(inflateXpressHuffman(file.subarray(packedAt(file)), size))
}

function packedAt(file: Uint8Array): number {
  return ((file[3] ?? 0) & withChecksum) === 0 ? 8 : 12
}

function checked(bytes: Uint8Array): Structure {
  if (!isPlain(bytes)) throw new Damaged('format-unknown', 'It does not begin as a prefetch file does.')
  return structureOf(bytes)
}
