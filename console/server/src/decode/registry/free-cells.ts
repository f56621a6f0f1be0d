import { baseBlockBytes } from './base-block.ts'
import { binBytesAt } from './cut.ts'
import type { Hive } from './hive.ts'

const pageBytes = 4096
const binHeadBytes = 32

/** What lies between the cells that are in use, in the order of the file. */
export interface Layout {
  /** Cells that are free, from byte to byte of the file, the four bytes of their size included. */
  free: { at: number; end: number }[]
  /** Where a bin should begin and none does, or where its cells do not fit into it. */
  damaged: number[]
  bins: number
}

/** Goes through all bins, cell by cell. What is no bin is left out page by page. */
export function layoutOf({ bytes, data, end }: Hive): Layout {
  const layout: Layout = { free: [], damaged: [], bins: 0 }
  let isLost = false
  for (let at = baseBlockBytes; at + binHeadBytes <= end; ) {
    const size = binBytesAt(bytes, at)
    if (size === undefined || data.getUint32(at + 4, true) !== at - baseBlockBytes) {
      if (!isLost && !isZero(bytes, at)) layout.damaged.push(at)
      isLost = true
      at += pageBytes
      continue
    }
    isLost = false
    layout.bins += 1
    addCells(data, { at, end: Math.min(at + size, end) }, layout)
    at += size
  }
  return layout
}

function addCells(data: DataView, { at, end }: { at: number; end: number }, { free, damaged }: Layout): void {
  for (let cell = at + binHeadBytes; cell + 8 <= end; ) {
    const size = data.getInt32(cell, true)
    const bytes = Math.abs(size)
    if (bytes < 8 || bytes % 8 !== 0 || cell + bytes > end) {
      damaged.push(cell)
      // What is behind it may be in use or free: nothing tells.
      return
    }
    if (size > 0) free.push({ at: cell, end: cell + bytes })
    cell += bytes
  }
}

/** Behind the last bin there is room that was never used. */
function isZero(bytes: Buffer, at: number): boolean {
  for (let i = at; i < at + binHeadBytes; i++) if (bytes[i] !== 0) return false
  return true
}
