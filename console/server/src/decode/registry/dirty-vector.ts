import { type BaseBlock, sectorBytes } from './base-block.ts'
import type { LogEntry } from './log-entry.ts'

/**
 * The one write that a log of the old format holds (Suhanov, "Old format": up to Windows 8). A bit for each 512 bytes of
 * the bins; those whose bit is set stand behind it, from the next sector on. Empty where the log holds no write.
 */
export function dirtyVectorOf(log: Buffer, { binsBytes, primary }: BaseBlock): LogEntry[] {
  const at = sectorBytes
  if (log.toString('latin1', at, at + 4) !== 'DIRT') return []
  const write: LogEntry = { at, bytes: log.length - at, sequence: primary, binsBytes, pages: [] }
  const from = at + 4
  const bitmapBytes = Math.ceil(binsBytes / sectorBytes / 8)
  let page = Math.ceil((from + bitmapBytes) / sectorBytes) * sectorBytes
  if (page > log.length) return [{ ...write, unsound: 'The log ends before its pages.' }]
  for (let bit = 0; bit < bitmapBytes * 8; bit++) {
    if (((log[from + (bit >> 3)] ?? 0) & (1 << (bit & 7))) === 0) continue
    if (page + sectorBytes > log.length) return [{ ...write, unsound: 'The log ends before its last page.' }]
    write.pages.push({ offset: bit * sectorBytes, bytes: sectorBytes, at: page })
    page += sectorBytes
  }
  return [write]
}
