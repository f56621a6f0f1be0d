import type { Decoder, Decoding, Event } from '../decoder.ts'
import { isChunk } from './chunk-head.ts'
import { chunks } from './cut-chunks.ts'
import { dataset } from './dataset.ts'
import { eventsOfChunk } from './events-of-chunk.ts'
import { chunksCounted, isFileHead } from './file-head.ts'
import { unreadableEvent } from './remarks.ts'

/** Event logs of Windows Vista and later, chunk by chunk. Each chunk has its own names and templates. */
export const evtx: Decoder = {
  id: dataset,
  title: 'Windows event log (EVTX)',
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: (sample) => isFileHead(sample) || isChunk(sample),
  cut: chunks,
  start: (_, state) => begin(state),
}

/** The file so far: what is missing at its end is only seen when nothing more comes. */
interface State {
  /** Chunks as the head of the file counts them. A file that was in use may have more. */
  counted: number
  /** What stands in the place of a chunk, whole or not. */
  seen: number
  last: { id: string; position: number }
}

function begin(saved: unknown): Decoding {
  // Our own, as `state` gave it.
  let file = saved as State | undefined
  return {
    push(record) {
      const { id, bytes, position } = record
      const last = { id, position: position + bytes.length }
      if (isFileHead(bytes)) file = { counted: chunksCounted(bytes), seen: 0, last }
      else if (file !== undefined) file = { ...file, seen: file.seen + 1, last }
      return eventsOfChunk(record)
    },
    end: () => (file === undefined || file.seen >= file.counted ? [] : [cutOff(file)]),
    state: () => (file === undefined || file.seen >= file.counted ? undefined : file),
  }
}

function cutOff({ counted, seen, last }: State): Event {
  const says = `The file is cut off here: its head counts ${counted} chunks, and ${counted - seen} of them are not here.`
  return unreadableEvent(last, 0, { says })
}
