import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { EventRow } from '@tidewaiter/protocol/api'
import { type Background, openBackground } from './background.ts'
import type { Index, Windows } from './index-port.ts'
import { openIrregular } from './irregular.ts'
import type { BareRow } from './messages.ts'
import type { IndexOptions } from './options.ts'
import { openRate } from './rate.ts'
import { type Handles, openHandles } from './read/handles.ts'
import { type NameBook, openNames } from './read/names.ts'
import { openWindows } from './read/windows.ts'
import type { WriterName } from './write/exits.ts'
import { type Indexed, openWriters, type Writers } from './writers.ts'

type Listener = Parameters<Index['onIndexed']>[0]

/** An index at work: its writers, what they tell, and its files, which are made again when they must be. */
export interface Life {
  handles: Handles
  names: NameBook
  windows: Windows
  asOf(): number
  /** Resolves when questions can be asked. */
  ready(): Promise<void>
  perSecond(): number
  syncIndicators(): Promise<void>
  watch(hosts: readonly string[]): void
  listen(listener: Listener): () => void
  /** Forgets everything, and begins with the first batch. */
  rebuild(): Promise<void>
  pids(): Record<WriterName, number | undefined>
  close(): Promise<void>
}

/** Longest wait for the writers at the start: the console goes on without an index then, and its log says so. */
const startMs = 30_000
/** Times an index is made again by itself because a file of it was broken or of another version. */
const mostRebuilds = 3

type LifeOptions = IndexOptions & { mostNewValues: number }

export async function openLife(options: LifeOptions): Promise<Life> {
  const { dir, store, ledger, log, now } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const handles = openHandles(dir)
  const names = openNames(handles, store)
  const rate = openRate(now)
  const background = openBackground(log)
  const { listen, tell } = openTelling(names)
  let watched: readonly string[] = []
  let isClosing = false

  const irregular = openIrregular({ handles, store, ledger, background, now, isOver: () => isClosing })
  const hear = (indexed: Indexed, from: WriterName) => {
    if (isClosing) return
    names.stale()
    if (from === 'events') rate.add(indexed.events)
    if (indexed.marks) void irregular.look()
    background.run('what was indexed is not told', () => tell(indexed, writers.asOf))
  }
  const damaged = openRepair(log, background, () => rebuild())
  const begin = (): Writers => openWriters({ argument: argumentOf(options), store, ledger, log, hear, damaged })
  const start = async () => {
    writers.watch(watched)
    const isThere = await Promise.race([writers.start().then(() => true), wait(startMs, false, { ref: false })])
    if (!isThere) log.error('the index writers do not start')
    void irregular.look()
  }
  const rebuild = (): Promise<void> => {
    ready = ready.then(async () => {
      await writers.stop()
      await removeFiles(dir, handles)
      names.forget()
      windows.forget()
      irregular.forget()
      writers = begin()
      await start()
    })
    return ready
  }
  let writers = begin()
  const windows = openWindows({ handles, names: names.now, clear: (judged) => writers.clear(judged) })
  let ready = start()
  await ready
  return {
    handles,
    names,
    windows,
    asOf: () => writers.asOf(),
    ready: () => ready,
    perSecond: rate.perSecond,
    syncIndicators: () => writers.syncIndicators(),
    watch(hosts) {
      watched = hosts
      writers.watch(hosts)
    },
    listen,
    rebuild,
    pids: () => writers.pids(),
    async close() {
      await ready
      isClosing = true
      await background.settled()
      // Readers first: the last to close a file is its writer, which then puts its log into it.
      await handles.closeAll()
      await writers.stop()
    },
  }
}

/** A question that is under way may open one of them again before it is gone: nobody reads on in it. */
async function removeFiles(dir: string, handles: Handles): Promise<void> {
  await handles.closeAll()
  for (const name of await readdir(dir)) await rm(join(dir, name), { force: true })
  await handles.closeAll()
}

/** Makes the index again when a file of it is of no use, and gives up when that does not help. */
function openRepair(log: IndexOptions['log'], background: Background, rebuild: () => Promise<void>): () => void {
  let rebuilds = 0
  let isAtIt = false
  const repair = () =>
    rebuild().finally(() => {
      isAtIt = false
    })
  return () => {
    // The other writer says the same of the same files.
    if (isAtIt) return
    rebuilds += 1
    log.error({ rebuilds }, 'a file of the index is broken or of another version: the index is made again')
    if (rebuilds > mostRebuilds) return
    isAtIt = true
    background.run('the index is not made again', repair)
  }
}

/** Tells listeners what a transaction brought. */
function openTelling(names: NameBook) {
  const listeners = new Set<Listener>()
  const named = async (rows: readonly BareRow[]): Promise<EventRow[]> => {
    if (rows.length === 0) return []
    const book = await names.now()
    return rows.map((row) => ({ ...row, host: { id: row.host, name: book.nameOf(row.host) } }))
  }
  return {
    listen(listener: Listener): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async tell({ hosts, rows, sightings }: Indexed, asOf: () => number): Promise<void> {
      const known = await named(rows)
      for (const listener of listeners) listener({ asOf: asOf(), hosts: [...hosts], rows: known, sightings })
    },
  }
}

function argumentOf({ dir, ledgerDir, keys, detectors, mostNewValues }: LifeOptions) {
  // A detector has more to it than its writer needs.
  const windows = detectors.map(({ id, reads, readsCategory, windowMs }) => ({
    id,
    reads,
    windowMs,
    ...(readsCategory !== undefined && { readsCategory }),
  }))
  return { dir, ledgerDir, keysDir: keys.dir, detectors: windows, mostNewValues }
}
