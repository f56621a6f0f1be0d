import {
  append,
  type Batch,
  entryOf,
  type Frontier,
  frontierRoot,
  type SignedHead,
  signHead,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { refuse } from '../error.ts'
import type { Value } from '../store/sqlite.ts'
import { sealPayload } from './cipher.ts'
import { hasRoom, isDiskFull } from './disk.ts'
import type { Entry } from './ledger.ts'
import { type Loading, load } from './load.ts'
import { type Memory, noteEntry } from './memory.ts'
import { openQueue } from './queue.ts'
import { newWriter, openWriter, type Writer, type WriterOptions } from './writer.ts'

/** One batch on its way into the ledger. */
export interface Appending {
  batch: Batch
  receivedAtMs: number
  branch: string | null
}

export interface Appended {
  position: number
  head: SignedHead
}

export interface AppenderOptions extends WriterOptions, Loading {
  segmentBytes: number
  sign(data: Uint8Array): Uint8Array
  appended(entry: Entry): void
}

/** The writing side of a ledger: whatever waits is one transaction, with one signed head. */
export interface Appender {
  memory(): Memory
  append(appending: Appending): Promise<Appended>
  close(): Promise<void>
}

const mostItems = 256
const mostBytes = 32 * 1024 * 1024
/** Page overhead of a row beside its payload and header. */
const rowBytes = 1024

export function openAppender(options: AppenderOptions, loaded: Memory, opened?: Writer): Appender {
  let memory = loaded
  let writer = opened
  /** The outcome of a commit is not known: the file is read again before anything is added. */
  let isStale = false
  /** Highest seq of each host's own line among those that wait. */
  const claimed = new Map<string, number>()

  const writerFor = async (bytes: number): Promise<Writer> => {
    if (isStale) memory = await reload(options)
    isStale = false
    if (writer !== undefined && writer.bytes() + bytes <= options.segmentBytes) return writer
    const last = memory.segments.at(-1)
    const isUsed = last === undefined || last.first < memory.frontier.size
    await writer?.close()
    writer = undefined
    writer = isUsed ? await addSegment(options, memory) : await openWriter(options, last)
    return writer
  }
  /** After a failed commit. What the file holds now decides: nothing of it, or all. */
  const settle = async () => {
    const size = await writer?.size().catch(() => undefined)
    if (size === memory.frontier.size) return
    isStale = true
    await writer?.close().catch(() => undefined)
    writer = undefined
  }
  const handle = async (group: readonly Appending[]): Promise<Appended[]> => {
    try {
      const bytes = group.reduce((sum, { batch }) => sum + batch.bytes.length + rowBytes, 0)
      if (!(await hasRoom(options.dir, bytes))) throw full()
      const { segment, key, commit } = await writerFor(bytes)
      const { rows, frontier } = placeRows(memory, group, key)
      const head = signedHead(options, memory.id, frontier)
      await commit([insertRows(rows), insertHead(frontier, head)])
      memory.frontier = frontier
      memory.head = head
      for (const { entry } of rows) noteEntry(memory, entry, segment.number)
      for (const { entry } of rows) options.appended(entry)
      return rows.map(({ entry }) => ({ position: entry.position, head }))
    } catch (cause) {
      await settle()
      throw isDiskFull(cause) ? full(cause) : cause
    }
  }
  const queue = openQueue({
    mostItems,
    mostBytes,
    bytesOf: ({ batch }) => batch.bytes.length,
    handle,
    // Not sooner: what came while the failure was settled has failed with it.
    failed: () => claimed.clear(),
  })
  return {
    memory: () => memory,
    async append(appending) {
      const { host, seq } = appending.batch.header
      const newest = Math.max(claimed.get(host) ?? 0, memory.tips.get(host)?.seq ?? 0)
      if (appending.branch === null && seq <= newest) throw new Error(`batch ${seq} of ${host} is held already`)
      if (appending.branch === null) claimed.set(host, seq)
      return queue.add(appending)
    },
    async close() {
      await queue.idle()
      await writer?.close()
    },
  }
}

function full(cause?: unknown) {
  return refuse('disk-full', 'The ledger took no more bytes: its volume is full or gives errors.', { cause })
}

async function reload(options: AppenderOptions): Promise<Memory> {
  const memory = await load(options)
  if (memory === undefined) throw refuse('ledger-damaged', `The ledger in ${options.dir} is gone.`)
  return memory
}

async function addSegment(options: AppenderOptions, memory: Memory): Promise<Writer> {
  const { id: ledger, segments, frontier } = memory
  const writer = await newWriter(options, { ledger, number: segments.length + 1, frontier })
  segments.push(writer.segment)
  return writer
}

interface Row {
  entry: Entry
  leaf: Uint8Array
  sealed: Uint8Array
}

function placeRows(memory: Memory, group: readonly Appending[], key: Uint8Array): { rows: Row[]; frontier: Frontier } {
  let { frontier } = memory
  const rows = group.map(({ batch, receivedAtMs, branch }) => {
    const { header, headerBytes, headerHash, signature, payload } = batch
    const position = frontier.size
    const leaf = entryOf(nodePrimitives, { position, receivedAtMs, headerHash, signature })
    frontier = append(nodePrimitives, frontier, leaf)
    const { host, seq } = header
    const entry: Entry = { position, host, seq, branch, receivedAtMs, headerHash, headerBytes, signature }
    return { entry, leaf, sealed: sealPayload(key, payload, { ledger: memory.id, position, headerHash }) }
  })
  return { rows, frontier }
}

function signedHead({ sign, now }: AppenderOptions, ledger: string, frontier: Frontier): SignedHead {
  const root = frontierRoot(nodePrimitives, frontier)
  return signHead({ ledger, size: frontier.size, root, time: new Date(now()).toISOString() }, sign)
}

function insertRows(rows: readonly Row[]): [string, Value[]] {
  const values = rows.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')
  const columns = 'position, host, branch, seq, received_at, header_hash, leaf, signature, header, payload'
  const parameters = rows.flatMap(({ entry, leaf, sealed }) => [
    entry.position,
    entry.host,
    entry.branch ?? '',
    entry.seq,
    entry.receivedAtMs,
    entry.headerHash,
    leaf,
    entry.signature,
    entry.headerBytes,
    sealed,
  ])
  return [`insert into batch (${columns}) values ${values}`, parameters]
}

function insertHead({ size }: Frontier, { head, signature }: SignedHead): [string, Value[]] {
  return ['insert into head (size, head, signature) values (?, ?, ?)', [size, head, signature]]
}
