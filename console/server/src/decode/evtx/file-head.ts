import { crc32 } from '@tidewaiter/protocol'
import { startsWith } from './chunk-head.ts'

/** The head of an event log (libyal, "Windows XML Event Log (EVTX) format", File header). */
export const fileHeadBytes = 4096

const at = { major: 38, chunks: 42, flags: 120, checksum: 124 }
const dirty = 0x1

export function isFileHead(bytes: Uint8Array, from = 0): boolean {
  return startsWith(bytes, from, 'ElfFile\0')
}

/** How many chunks the head says there are, of which a file that was not closed has more; 0 where it is not whole. */
export function chunksCounted(bytes: Uint8Array): number {
  return bytes.length < fileHeadBytes ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint16(at.chunks, true)
}

/** What the head of a file says against it. */
export function remarksOnFileHead(bytes: Uint8Array): string[] {
  if (bytes.length < fileHeadBytes) return ['The file ends within its head.']
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const remarks: string[] = []
  const major = data.getUint16(at.major, true)
  if (major !== 3) remarks.push(`The file is of version ${major} of its format, and only 3 is known.`)
  if ((data.getUint32(at.flags, true) & dirty) !== 0)
    remarks.push('The file was in use, or not closed: its newest records may be missing.')
  const checksum = data.getUint32(at.checksum, true)
  if (checksum !== crc32(bytes.subarray(0, at.flags)))
    remarks.push(
      checksum === 0 ? 'The head of the file has no checksum.' : 'The head of the file does not have its checksum.',
    )
  return remarks
}
