import type { Decoder } from '../decoder.ts'
import { isChunk } from './chunk-head.ts'
import { chunks } from './cut-chunks.ts'
import { dataset } from './dataset.ts'
import { eventsOfChunk } from './events-of-chunk.ts'
import { isFileHead } from './file-head.ts'

/** Event logs of Windows Vista and later, chunk by chunk. Each chunk has its own names and templates. */
export const evtx: Decoder = {
  id: dataset,
  title: 'Windows event log (EVTX)',
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: (sample) => isFileHead(sample) || isChunk(sample),
  cut: chunks,
  start: () => ({ push: eventsOfChunk, end: () => [], state: () => undefined }),
}
