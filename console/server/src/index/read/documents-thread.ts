import { parentPort, workerData } from 'node:worker_threads'
import {
  decodePayload,
  findRecord,
  type Header,
  inflatePayload,
  type OpenChunk,
  parseHeader,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { decodeAgain, type RecordPlace } from '../../decode/again.ts'
import { sayCut } from '../../decode/made-of.ts'
import { hideDocument } from '../hide-document.ts'
import { openPrivacy } from '../private-numbers.ts'

export interface Wanted {
  places: { id: string; position: number; index: number }[]
  dataset: string | null
  /** Which of the events of its records it is. */
  ordinal: number
  isCut: boolean
  /** The line before its records that says how they are written. */
  header?: string
}

/** What the thread is asked: one question at a time, each with one answer. */
export type Question =
  /** Which of these batches are not open here? The others stay open until the next time this is asked. */
  | { kind: 'hold'; positions: number[] }
  | { kind: 'open'; position: number; headerBytes: Uint8Array; payload: Uint8Array }
  | { kind: 'decode'; wanted: Wanted[]; isClear: boolean }

export type Answer = number[] | null | Record<string, unknown>[]

interface Open {
  header: Header
  chunks: OpenChunk[]
}

/** Bytes of opened batches that are kept beyond the page they were opened for. */
const mostBytes = 64 * 1024 * 1024

// Given by `openDocuments`, which is the only one to start this thread.
const { indexKey } = workerData as { indexKey: Uint8Array }
const privacy = openPrivacy(indexKey)
const open = new Map<number, Open>()

const answers: { [Kind in Question['kind']]: (question: Extract<Question, { kind: Kind }>) => Answer } = {
  hold({ positions }) {
    for (const position of positions) touch(position)
    forget(positions.length)
    return positions.filter((position) => !open.has(position))
  },
  open({ position, headerBytes, payload }) {
    // Its root was found right when it was indexed, and the ledger gives back what it took.
    const header = parseHeader(headerBytes)
    const { chunks } = decodePayload(inflatePayload(nodePrimitives, payload, header.rawBytes))
    open.set(position, { header, chunks })
    return null
  },
  decode: ({ wanted, isClear }) => {
    const read = rememberingLast()
    return wanted.map((event) => {
      const document = documentOf(event, read)
      return isClear ? document : hideDocument(document, privacy)
    })
  },
}

/** The one that was used last stands last. */
function touch(position: number): void {
  const batch = open.get(position)
  if (batch === undefined) return
  open.delete(position)
  open.set(position, batch)
}

/** @param newest so many are needed now */
function forget(newest: number): void {
  let bytes = 0
  for (const { header } of open.values()) bytes += header.rawBytes
  for (const [position, { header }] of open) {
    if (bytes <= mostBytes || open.size <= newest) return
    open.delete(position)
    bytes -= header.rawBytes
  }
}

type Read = typeof decodeAgain

/** A record may hold thousands of events, and a page has many of them one after the other. */
function rememberingLast(): Read {
  let last: { key: string; events: ReturnType<Read> } | undefined
  return (places, header) => {
    const key = JSON.stringify([places.map(({ id }) => id), header])
    if (last?.key !== key) last = { key, events: decodeAgain(places, header) }
    return last.events
  }
}

function documentOf({ places, dataset, ordinal, isCut, header }: Wanted, read: Read): Record<string, unknown> {
  const found = places.flatMap(({ id, position, index }): RecordPlace[] => {
    const batch = open.get(position)
    const record = batch && findRecord(batch, index)
    return batch === undefined || record === undefined ? [] : [{ id, header: batch.header, ...record }]
  })
  const events = read(found, header)
  const own = events[ordinal]
  // A decoder of today may make other events of the records than that of the day they were indexed.
  const event =
    own?.event.dataset === dataset ? own : (events.find((one) => one.event.dataset === dataset) ?? own ?? events[0])
  if (event !== undefined && isCut) sayCut(event)
  if (event !== undefined) return event
  const record = places[0]?.id ?? ''
  return {
    error: { message: 'Its record could not be decoded again: open the record to see it.' },
    tidewaiter: { record },
  }
}

parentPort?.on('message', (question: Question) => {
  // The kind chooses the function for exactly this question.
  parentPort?.postMessage((answers[question.kind] as (question: Question) => Answer)(question))
})
