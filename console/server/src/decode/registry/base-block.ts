import { view } from '../text.ts'
import { wideText } from '../wide.ts'
import { instantAt } from '../windows-scalar.ts'

/** What a hive begins with; offsets in it count from its end. Its logs begin with the first 512 bytes of a copy. */
export const baseBlockBytes = 4096
/** What is used of it is in its first sector. */
export const sectorBytes = 512

/** Head of a hive or of one of its logs (Suhanov, Windows registry file format specification, "Base block"). */
export interface BaseBlock {
  /** Raised before and after each write: they differ where a write was not ended. */
  primary: number
  secondary: number
  writtenAt: string | undefined
  version: string
  /** Of the version: since 4, long data lies in several cells. */
  minor: number
  is: 'hive' | 'old log' | 'new log' | 'unknown'
  /** Place of the root key. */
  root: number
  /** Bytes of all bins. */
  binsBytes: number
  /** The end of the path it was loaded from, at most 32 characters. */
  fileName: string
  isChecksumRight: boolean
}

const types: Readonly<Record<number, BaseBlock['is']>> = { 0: 'hive', 1: 'old log', 2: 'old log', 6: 'new log' }

export function isBaseBlock(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0x72 && bytes[at + 1] === 0x65 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x66
}

/** True when the beginning of a file is that of a hive or of a log: there is one major version. */
export function isHiveHead(sample: Uint8Array): boolean {
  return isBaseBlock(sample) && sample.length >= sectorBytes && view(sample).readUInt32LE(20) === 1
}

/** What is known of a hive whose base block is lost: its bins are there, and the first key of the first is the root. */
export function lostBaseBlock(all: Uint8Array): BaseBlock {
  return {
    primary: 0,
    secondary: 0,
    writtenAt: undefined,
    version: 'unknown',
    minor: 5,
    is: 'hive',
    root: 0x20,
    binsBytes: all.length - baseBlockBytes,
    fileName: '',
    isChecksumRight: false,
  }
}

/** Undefined for what does not begin with one. */
export function readBaseBlock(all: Uint8Array): BaseBlock | undefined {
  if (!isBaseBlock(all) || all.length < sectorBytes) return undefined
  const bytes = view(all)
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return {
    primary: bytes.readUInt32LE(4),
    secondary: bytes.readUInt32LE(8),
    writtenAt: instantAt(data, 12),
    version: `${bytes.readUInt32LE(20)}.${bytes.readUInt32LE(24)}`,
    minor: bytes.readUInt32LE(24),
    is: types[bytes.readUInt32LE(28)] ?? 'unknown',
    root: bytes.readUInt32LE(36),
    binsBytes: bytes.readUInt32LE(40),
    fileName: wideText(bytes, 48, 112).split('\0', 1)[0] ?? '',
    isChecksumRight: bytes.readUInt32LE(508) === checksumOf(bytes),
  }
}

/** Of the 508 bytes before it. Never 0 or −1: these stand for 1 and −2. */
function checksumOf(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at < 508; at += 4) sum ^= bytes.readInt32LE(at)
  if (sum === 0) return 1
  return sum === -1 ? 0xfffffffe : sum >>> 0
}

/** True where the last write was not ended: what lies in its logs belongs to it. */
export function isDirty({ primary, secondary, isChecksumRight }: BaseBlock): boolean {
  return primary !== secondary || !isChecksumRight
}
