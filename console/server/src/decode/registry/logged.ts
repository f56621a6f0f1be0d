import { type BaseBlock, baseBlockBytes, sectorBytes } from './base-block.ts'
import { type KeyLeft, keysLeft } from './deleted.ts'
import type { Layout } from './free-cells.ts'
import { type Hive, hiveOf } from './hive.ts'
import type { LogEntry } from './log-entry.ts'
import type { Applied } from './recover.ts'

/** What a log holds of its hive: the pages that were written, each as the last write left it, and nothing between them. */
export interface Logged {
  hive: Hive
  sectors: Map<number, Applied>
  keys: Iterable<KeyLeft>
}

/** Pages lie as far apart as in the hive, and nothing says that a log is as long. */
const mostBytes = 256 * 1024 * 1024

/** @param recordAt id of the record that a byte of the log is in */
export function loggedOf(
  log: Buffer,
  base: BaseBlock,
  { writes, recordAt }: { writes: readonly LogEntry[]; recordAt: (at: number) => string },
): Logged {
  const sound = writes.filter((write) => write.unsound === undefined)
  let end = 0
  for (const { pages } of sound) for (const page of pages) end = Math.max(end, page.offset + page.bytes)
  const bytes = Buffer.alloc(baseBlockBytes + Math.min(end, mostBytes))
  const sectors = new Map<number, Applied>()
  for (const { at, sequence, pages } of sound) {
    const write: Applied = { log: base.fileName, record: recordAt(at), sequence, pages: pages.length }
    for (const page of pages) {
      log.copy(bytes, baseBlockBytes + page.offset, page.at, page.at + page.bytes)
      for (let from = page.offset; from < page.offset + page.bytes; from += sectorBytes)
        sectors.set(from / sectorBytes, write)
    }
  }
  const hive = hiveOf(bytes, { ...base, binsBytes: end })
  return { hive, sectors, keys: keysLeft(hive, regionsOf(sectors, bytes.length), '…') }
}

/** Pages that follow each other are one. */
function regionsOf(sectors: ReadonlyMap<number, Applied>, most: number): Layout['free'] {
  const regions: Layout['free'] = []
  for (const sector of [...sectors.keys()].sort((a, b) => a - b)) {
    const at = baseBlockBytes + sector * sectorBytes
    const last = regions.at(-1)
    if (at + sectorBytes > most) break
    if (last?.end === at) last.end += sectorBytes
    else regions.push({ at, end: at + sectorBytes })
  }
  return regions
}
