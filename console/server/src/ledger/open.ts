import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { emptyFrontier, frontierRoot, type SignedHead, signHead } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { refuse } from '../error.ts'
import type { Keys } from '../keys/keys.ts'
import { openSqlite, type Sqlite } from '../store/sqlite.ts'
import { type Appender, type AppenderOptions, openAppender } from './appender.ts'
import { isDiskFull, spaceOf } from './disk.ts'
import { openFinder } from './finder.ts'
import type { Entry, Ledger } from './ledger.ts'
import { load } from './load.ts'
import type { Memory } from './memory.ts'
import { consoleHostOf, originBatch } from './origin.ts'
import { newWriter, type Writer } from './writer.ts'

export interface LedgerOptions {
  /** Folder of the segments, made when it is not there. */
  dir: string
  keys: Pick<Keys, 'masterKey' | 'publicKey' | 'retired' | 'sign'>
  now(): number
  /** Largest size of a segment file. */
  segmentBytes?: number
  open?: (file: string, options?: { readOnly: boolean }) => Promise<Sqlite>
  /**
   * What is there was restored, or there are keys of a console and nothing else: a new ledger begins, whose first entry
   * says so.
   */
  beginsAgain?: boolean
}

/**
 * Opens the ledger of a data folder, or begins a new one. Its newest entries are hashed again and must give the head
 * that was signed. Throws `ledger-damaged`, and `disk-full` when a new one cannot be begun.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { dir, keys, now, segmentBytes = 1024 ** 3, open = openSqlite } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const listeners = new Set<(entry: Entry) => void>()
  const appending: AppenderOptions = {
    dir,
    open: (file) => open(file),
    masterKey: keys.masterKey,
    ledgerKeys: () => [keys.publicKey('ledger'), ...keys.retired('ledger').map(({ publicKey }) => publicKey)],
    consoleHost: consoleHostOf(keys),
    segmentBytes,
    now,
    sign: (data) => keys.sign('ledger', data),
    appended: (entry) => {
      for (const listener of listeners) listener(entry)
    },
  }
  const loaded = await load(appending)
  const { memory, writer } =
    loaded === undefined || options.beginsAgain === true
      ? await begin(appending, loaded)
      : { memory: loaded, writer: undefined }
  const appender = openAppender(appending, memory, writer)
  if (options.beginsAgain === true) await beginAgain(appender, memory, { keys, atMs: now() })
  const readOnly = (file: string) => open(file, { readOnly: true })
  const finder = openFinder({ dir, open: readOnly, masterKey: keys.masterKey, memory: appender.memory })
  const empty = emptyHead(appending, memory.id)
  return {
    id: memory.id,
    origins: memory.origins,
    get publicKey() {
      return keys.publicKey('ledger')
    },
    append: (batch, at) => appender.append({ batch, ...at }),
    tipOf: (host) => appender.memory().tips.get(host) ?? null,
    headerHashOf: async (host, seq) => (await finder.find({ host, branch: null, seq }))?.headerHash,
    head: () => appender.memory().head ?? empty,
    size: () => appender.memory().frontier.size,
    entry: finder.entry,
    find: finder.find,
    entriesOf: finder.entriesOf,
    payload: finder.payload,
    leaves: finder.leaves,
    space: () => spaceOf(dir),
    onAppend(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await appender.close()
      await finder.close()
    },
  }
}

const nothing = { head: undefined, frontier: emptyFrontier, segments: [], tips: new Map(), spans: new Map() }

/** A new ledger, behind what is there: a segment says its id from the beginning. */
async function begin(options: AppenderOptions, before?: Memory): Promise<{ memory: Memory; writer: Writer }> {
  const ledger = randomBytes(16).toString('hex')
  const { segments, frontier } = before ?? nothing
  try {
    const writer = await newWriter(options, { ledger, number: segments.length + 1, frontier })
    const own = { id: ledger, origins: [...(before?.origins ?? [])], segments: [...segments, writer.segment] }
    return { memory: { ...nothing, tips: new Map(), spans: new Map(), ...before, ...own }, writer }
  } catch (cause) {
    throw isDiskFull(cause) ? refuse('disk-full', `No ledger can be begun in ${options.dir}.`, { cause }) : cause
  }
}

/** The first entry of a ledger that goes on from another. */
async function beginAgain(
  appender: Appender,
  memory: Memory,
  { keys, atMs }: { keys: LedgerOptions['keys']; atMs: number },
): Promise<void> {
  const before = memory.head ?? null
  const tip = memory.tips.get(consoleHostOf(keys)) ?? null
  const batch = originBatch({ keys, ledger: memory.id, tip, before, atMs })
  const { position } = await appender.append({ batch, receivedAtMs: atMs, branch: null })
  memory.origins.push({ ledger: memory.id, position, atMs, before })
}

function emptyHead({ now, sign }: AppenderOptions, ledger: string): SignedHead {
  const root = frontierRoot(nodePrimitives, emptyFrontier)
  return signHead({ ledger, size: 0, root, time: new Date(now()).toISOString() }, sign)
}
