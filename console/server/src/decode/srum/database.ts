import type { Cut, Cutter } from '../cut.ts'
import { structureOf } from '../structure.ts'

/** Head of a database of the Extensible Storage Engine (libyal, "Extensible Storage Engine (ESE) Database File (EDB) format"). */
export interface DatabaseHead {
  pageBytes: number
  /** Pages of 16 KiB and more have a longer head, and keep the flags of their values elsewhere. */
  isLarge: boolean
  /** False where its newest changes stand only in the logs beside it. */
  isClosed: boolean
}

const signature = 0x89ab_cdef
const at = { signature: 4, kind: 12, state: 52, revision: 232, pageBytes: 236 }
const closed = 3
const pageSizes = [4096, 8192, 16_384, 32_768]
const headBytes = 240

/** Undefined for what is no database. The head and a copy of it take the first two pages. */
export function readHead(bytes: Uint8Array): DatabaseHead | undefined {
  if (bytes.length < headBytes) return undefined
  const head = structureOf(bytes)
  const pageBytes = head.u32(at.pageBytes)
  if (head.u32(at.signature) !== signature || head.u32(at.kind) !== 0 || !pageSizes.includes(pageBytes))
    return undefined
  const isLarge = pageBytes >= 16_384 && head.u32(at.revision) >= 0x11
  return { pageBytes, isLarge, isClosed: head.u32(at.state) === closed }
}

/** One record a page; page 1 is the third of the file. */
export const pages: Cutter = {
  begin() {
    let size: number | undefined
    return (bytes, from): ReturnType<Cut> => {
      if (size === undefined && bytes.length < from + headBytes) return undefined
      size ??= readHead(bytes.subarray(from))?.pageBytes ?? 4096
      return from + size > bytes.length ? undefined : { end: from + size, next: from + size }
    }
  },
}
