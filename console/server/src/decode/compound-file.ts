import { Damaged } from './damaged.ts'
import { type Structure, structureOf } from './structure.ts'

/** A stream of a compound file. It is put together when it is read. */
export interface CompoundStream {
  /** As the directory writes it; folders are not told. */
  name: string
  /** Throws `Damaged` where it is not whole. */
  read(): Uint8Array
}

/** [MS-CFB] 2.2. */
const signature = 'd0cf11e0a1b11ae1'
const at = {
  sectorShift: 30,
  smallShift: 32,
  directory: 48,
  smallTable: 60,
  nextPlaces: 68,
  places: 76,
}
const placesInHead = 109
/** Streams shorter than this lie in small sectors; the format knows no other number. */
const smallBelow = 4096
/** Sector numbers from here on are marks: end of a chain, free, and others. */
const firstMark = 0xffff_fffa
const entryBytes = 128
const mostEntries = 16_384

export function isCompoundFile(sample: Uint8Array): boolean {
  return sample.length >= 512 && structureOf(sample).bytes.toString('hex', 0, 8) === signature
}

interface Volume {
  file: Structure
  sectorBytes: number
  /** For each sector the next one of its chain. */
  table: Uint32Array
}

/**
 * Streams of a compound file in the order of the directory. Each sector is taken at most once in a chain, so that no
 * stream is longer than the file. Throws `Damaged` where directory or table cannot be read.
 */
export function readCompoundFile(bytes: Uint8Array): CompoundStream[] {
  const file = structureOf(bytes)
  if (!isCompoundFile(bytes)) throw new Damaged('format-unknown', 'It does not begin as a compound file does.')
  const shift = file.u16(at.sectorShift)
  if (shift !== 9 && shift !== 12) throw new Damaged('format-unknown', `Its sectors are of 2^${shift} bytes.`)
  const sectorBytes = 1 << shift
  const volume: Volume = { file, sectorBytes, table: tableOf(file, sectorBytes) }
  const directory = structureOf(chain(volume, file.u32(at.directory)))
  const entries = entriesOf(directory)
  const root = entries.find(({ type }) => type === rootType)
  const small = root === undefined ? undefined : smallVolume(volume, root)
  // No two streams share a sector, so that all of them are no longer than the file.
  let left = bytes.length
  const read = ({ first, bytes: length }: Entry): Uint8Array => {
    left -= length
    if (left < 0) throw new Damaged('too-large', 'Its streams say that they are longer than the file.')
    return length < smallBelow && small ? small(first, length) : chain(volume, first, length)
  }
  return entries
    .filter(({ type }) => type === streamType)
    .map((entry) => ({ name: entry.name, read: () => read(entry) }))
}

/** Sectors of the table are named in the head and, in large files, in sectors of their own. */
function tableOf(file: Structure, sectorBytes: number): Uint32Array {
  const words = sectorBytes / 4
  const sectors = Math.ceil(file.bytes.length / sectorBytes)
  const places = Array.from({ length: placesInHead }, (_, i) => file.u32(at.places + i * 4))
  let next = file.u32(at.nextPlaces)
  for (let count = 0; next < firstMark && count < sectors; count++) {
    const sector = sectorAt(file, sectorBytes, next)
    for (let i = 0; i < words - 1; i++) places.push(sector.u32(i * 4))
    next = sector.u32((words - 1) * 4)
  }
  const table = new Uint32Array(Math.min(places.length * words, sectors)).fill(firstMark)
  for (const [i, place] of places.entries()) {
    if (place >= firstMark || i * words >= table.length) continue
    const sector = sectorAt(file, sectorBytes, place)
    for (let word = 0; word < words && i * words + word < table.length; word++)
      table[i * words + word] = sector.u32(word * 4)
  }
  return table
}

/** The last sector of a file may be cut off where nothing is in it any more. */
function sectorAt(file: Structure, sectorBytes: number, number: number): Structure {
  const from = (number + 1) * sectorBytes
  return file.part(from, sectorBytes)
}

/** @param length bytes that are wanted of it; without it as many as there are */
function chain({ file, sectorBytes, table }: Volume, first: number, length = Number.POSITIVE_INFINITY): Uint8Array {
  const parts: Uint8Array[] = []
  for (
    let sector = first;
    sector < firstMark && parts.length * sectorBytes < length;
    sector = table[sector] ?? firstMark
  ) {
    if (parts.length >= table.length) throw circle()
    parts.push(sectorAt(file, sectorBytes, sector).bytes)
  }
  const bytes = Buffer.concat(parts)
  return length === Number.POSITIVE_INFINITY ? bytes : cut(bytes, length)
}

function circle(): Damaged {
  return new Damaged('place-impossible', 'Its sectors run in a circle.')
}

function cut(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length < length)
    throw new Damaged('ends-early', `A stream of ${length} bytes has only ${bytes.length} of them.`)
  return bytes.subarray(0, length)
}

const streamType = 2
const rootType = 5

interface Entry {
  name: string
  type: number
  first: number
  bytes: number
}

function entriesOf(directory: Structure): Entry[] {
  const count = Math.min(Math.floor(directory.bytes.length / entryBytes), mostEntries)
  return Array.from({ length: count }, (_, i) => {
    const from = i * entryBytes
    return {
      name: directory.wide(from, 32),
      type: directory.u8(from + 66),
      first: directory.u32(from + 116),
      bytes: directory.u32(from + 120),
    }
  })
}

/** Small streams lie in sectors of 64 bytes in the stream of the root, with a table of their own. */
function smallVolume(volume: Volume, root: Entry): (first: number, length: number) => Uint8Array {
  const { file } = volume
  const bytes = 1 << Math.min(Math.max(file.u16(at.smallShift), 6), 12)
  const table = structureOf(chain(volume, file.u32(at.smallTable)))
  const room = structureOf(chain(volume, root.first))
  return (first, length) => {
    const parts: Uint8Array[] = []
    // Shorter than 4096 bytes, so that even a circle of them comes to its end.
    for (let sector = first; sector < firstMark && parts.length * bytes < length; sector = table.u32(sector * 4))
      parts.push(room.part(sector * bytes, bytes).bytes)
    return cut(Buffer.concat(parts), length)
  }
}
