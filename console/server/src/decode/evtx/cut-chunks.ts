import type { Cut } from '../cut.ts'
import { view } from '../text.ts'
import { chunkBytes, isChunk } from './chunk-head.ts'
import { fileHeadBytes, isFileHead } from './file-head.ts'

/**
 * The head of the file is a record, and each chunk is one. What is neither goes on to the next chunk, or for the length
 * of one: so a damaged chunk stays in its place, and missing bytes do not hide the chunks behind them.
 */
export const chunks: Cut = (bytes, from) => {
  const end = from + lengthAt(bytes, from)
  return end > bytes.length ? undefined : { end, next: end }
}

function lengthAt(bytes: Uint8Array, from: number): number {
  if (isChunk(bytes, from)) return chunkBytes
  if (isFileHead(bytes, from)) return fileHeadBytes
  const next = view(bytes.subarray(from, from + chunkBytes + 7)).indexOf('ElfChnk\0', 1, 'latin1')
  return next < 0 ? chunkBytes : next
}
