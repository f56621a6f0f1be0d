import { equal } from '../bytes.ts'
import { Refusal } from '../error.ts'
import { packageLimits } from './limits.ts'
import { type RandomAccess, readAt } from './source.ts'
import {
  centralHeaderBytes,
  directoryOf,
  endBytes,
  endOfFile,
  localHeaderBytes,
  over16,
  over32,
  type StoredFile,
  signatures,
  zip64EndBytes,
  zip64LocatorBytes,
  zip64SizesBytes,
} from './zip.ts'

/** What one of the two places that describe the files of a container says. */
export interface Reading {
  files: StoredFile[]
  /** Every file and the place behind it fit; where not, `stop` is the offset it stopped at and `why` the reason. */
  isWhole: boolean
  stop: number
  why: string
}

/**
 * Goes from file to file by the sizes in the local headers until the directory begins: where its signature stands, or
 * where the end of the container says it is. Throws `package-too-large`.
 */
export async function readHeaders(source: RandomAccess): Promise<Reading> {
  const files: StoredFile[] = []
  const directoryAt = (await findDirectory(source))?.from
  let at = 0
  for (;;) {
    const bytes = await readAt(source, at, localHeaderBytes + packageLimits.name + zip64SizesBytes)
    const signature = bytes.length < 4 ? undefined : viewOf(bytes).getUint32(0, true)
    const isLocal = signature === signatures.local
    if (signature === signatures.central || signature === signatures.end || (!isLocal && at === directoryAt))
      return { files, isWhole: true, stop: at, why: '' }
    const file = isLocal ? readLocal(bytes, at) : undefined
    if (file === undefined || endOfFile(file) > source.size)
      return { files, isWhole: false, ...whyStopped(source, at, file) }
    if (files.length >= packageLimits.files) throw tooLarge(`more than ${packageLimits.files} files`)
    files.push(file)
    at = endOfFile(file)
  }
}

function whyStopped({ size }: RandomAccess, at: number, file: StoredFile | undefined): { stop: number; why: string } {
  if (file !== undefined) return { stop: size, why: `the container ends inside ${file.name}` }
  return { stop: at, why: at >= size ? 'the container ends without a directory' : 'no file begins here' }
}

function readLocal(bytes: Uint8Array, at: number): StoredFile | undefined {
  if (bytes.length < localHeaderBytes) return undefined
  const view = viewOf(bytes)
  const nameLength = view.getUint16(26, true)
  const name = nameIn(bytes, localHeaderBytes, nameLength)
  const over = numbersIn(bytes.subarray(localHeaderBytes + nameLength), view.getUint16(28, true))
  const size = view.getUint32(18, true) === over32 ? over[0] : view.getUint32(18, true)
  return name === undefined || size === undefined
    ? undefined
    : { name, bytes: size, crc32: view.getUint32(14, true), at }
}

/** Reads the directory from the end of the container. It is whole when it is exactly what its own list gives. Throws `package-too-large`. */
export async function readDirectory(source: RandomAccess): Promise<Reading> {
  const none = { files: [], isWhole: false, stop: source.size, why: 'the container does not end with a directory' }
  const place = await findDirectory(source)
  if (place === undefined || place.from + place.bytes > source.size) return none
  if (source.size - place.from > place.bytes + tailBytes) return none
  if (place.bytes > packageLimits.directory || place.count > packageLimits.files)
    throw tooLarge(`a directory of ${place.bytes} bytes for ${place.count} files`)
  const files = listIn(await readAt(source, place.from, source.size - place.from), place.count) ?? []
  let at = 0
  for (const file of files) {
    if (file.at !== at) return none
    at = endOfFile(file)
  }
  const isWhole = at === place.from && (await firstDifference(source, at, directoryOf(files))) === undefined
  return isWhole ? { ...none, files, isWhole } : none
}

/** The most that can follow the entries of the directory. */
const tailBytes = zip64EndBytes + zip64LocatorBytes + endBytes

async function findDirectory(
  source: RandomAccess,
): Promise<{ from: number; bytes: number; count: number } | undefined> {
  const tail = await readAt(source, Math.max(0, source.size - tailBytes), tailBytes)
  if (tail.length < endBytes) return undefined
  const end = viewOf(tail.subarray(tail.length - endBytes))
  if (end.getUint32(0, true) !== signatures.end) return undefined
  const place = { count: end.getUint16(10, true), bytes: end.getUint32(12, true), from: end.getUint32(16, true) }
  const isZip64 = place.count === over16 || place.bytes === over32 || place.from === over32
  const zip64 = viewOf(tail)
  if (!isZip64 || tail.length < tailBytes || zip64.getUint32(0, true) !== signatures.zip64End) return place
  return {
    count: Number(zip64.getBigUint64(32, true)),
    bytes: Number(zip64.getBigUint64(40, true)),
    from: Number(zip64.getBigUint64(48, true)),
  }
}

function listIn(bytes: Uint8Array, count: number): StoredFile[] | undefined {
  const files: StoredFile[] = []
  for (let at = 0; files.length < count; ) {
    const read = readCentral(bytes.subarray(at))
    if (read === undefined) return undefined
    files.push(read.file)
    at += read.bytes
  }
  return files
}

function readCentral(bytes: Uint8Array): { file: StoredFile; bytes: number } | undefined {
  const view = viewOf(bytes)
  if (bytes.length < centralHeaderBytes || view.getUint32(0, true) !== signatures.central) return undefined
  const nameLength = view.getUint16(28, true)
  const extraLength = view.getUint16(30, true)
  const name = nameIn(bytes, centralHeaderBytes, nameLength)
  const over = numbersIn(bytes.subarray(centralHeaderBytes + nameLength), extraLength)
  const isLarge = view.getUint32(24, true) === over32
  const size = isLarge ? over[0] : view.getUint32(24, true)
  const at = view.getUint32(42, true) === over32 ? over[isLarge ? 2 : 0] : view.getUint32(42, true)
  if (name === undefined || size === undefined || at === undefined) return undefined
  const file = { name, bytes: size, crc32: view.getUint32(16, true), at }
  return { file, bytes: centralHeaderBytes + nameLength + extraLength }
}

/** Numbers in a zip64 field; whether it stands there rightly is seen when all of it is made again. */
function numbersIn(bytes: Uint8Array, length: number): number[] {
  const view = viewOf(bytes)
  const numbers: number[] = []
  for (let at = 4; at + 8 <= Math.min(length, bytes.length); at += 8) numbers.push(Number(view.getBigUint64(at, true)))
  return numbers
}

/** Printable ASCII of at most the limit; what else a name must be is judged apart from the container. */
function nameIn(bytes: Uint8Array, at: number, length: number): string | undefined {
  if (length === 0 || length > packageLimits.name || at + length > bytes.length) return undefined
  let name = ''
  for (const byte of bytes.subarray(at, at + length)) {
    if (byte < 0x20 || byte > 0x7e) return undefined
    name += String.fromCharCode(byte)
  }
  return name
}

/** First offset at which the source is not what the pieces say, or goes on behind them. */
export async function firstDifference(
  source: RandomAccess,
  from: number,
  pieces: Iterable<Uint8Array>,
): Promise<number | undefined> {
  let at = from
  for (const piece of pieces) {
    const actual = await readAt(source, at, piece.length)
    if (!equal(actual, piece)) return at + piece.findIndex((byte, i) => byte !== actual[i])
    at += piece.length
  }
  return at < source.size ? at : undefined
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function tooLarge(what: string): Refusal {
  return new Refusal('package-too-large', `${what}: more than a package may have`)
}
