import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Batch, type Chunk, hostIdOf, type Statement, seal } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import pino from 'pino'
import { newKeyPair, signWith } from '../keys/key-pair.ts'
import { type LedgerOptions, openLedger } from '../ledger/open.ts'
import { openStore, type Store } from '../store/store.ts'
import type { Index } from './index-port.ts'
import { openIndex } from './open.ts'
import type { IndexOptions } from './options.ts'

const indexKey = Buffer.alloc(32, 9)
const masterKey = Buffer.alloc(32, 7)

/** A console as far as the index sees it: a real ledger, a store, and the index with its processes. */
export type TestConsole = Awaited<ReturnType<typeof openTestConsole>>

export interface TestOptions extends Partial<Pick<IndexOptions, 'detectors' | 'mostNewValues'>> {
  /** A folder that is kept; one of its own when left out. */
  folder?: string
  store?: Store
  /** Of a ledger that was opened before. */
  ledgerKeys?: LedgerOptions['keys']
  /** Time by the console's clock. */
  now?: () => number
}

export async function openTestConsole(options: TestOptions = {}) {
  const { detectors = [], mostNewValues, now = Date.now } = options
  const folder = options.folder ?? newFolder()
  const keysDir = join(folder, 'keys')
  mkdirSync(keysDir, { recursive: true })
  writeFileSync(join(keysDir, 'master.key'), `${masterKey.toString('hex')}\n`)
  writeFileSync(join(keysDir, 'index.key'), `${indexKey.toString('hex')}\n`)
  const store = options.store ?? (await openStore({ file: join(folder, 'console.db') }))
  const ledger = await openLedger({ dir: join(folder, 'ledger'), keys: options.ledgerKeys ?? newLedgerKeys(), now })
  const logged: Record<string, unknown>[] = []
  const about = {
    dir: join(folder, 'index'),
    ledgerDir: join(folder, 'ledger'),
    keys: { dir: keysDir, indexKey },
    store,
    ledger,
    detectors,
    log: pino({}, { write: (line: string) => logged.push(JSON.parse(line)) }),
    now,
    ...(mostNewValues !== undefined && { mostNewValues }),
  }
  const index = await openIndex(about)
  const caughtUpWith = async (reader: Pick<Index, 'asOf'>) => {
    while (reader.asOf() < ledger.size()) await wait(10)
  }
  return {
    folder,
    store,
    ledger,
    index,
    logged,
    about,
    /** Waits until the index has read what is in the ledger. */
    caughtUp: () => caughtUpWith(index),
    caughtUpWith,
    /** Enrols a host, which seals with a key of its own. */
    async host(name: string) {
      const host = newHost()
      await store.insertInto('host').values(rowOf(host, name)).execute()
      return {
        ...host,
        /** Puts a batch into the ledger. */
        async send(content: Content, { receivedAtMs = now(), branch = null, change }: SendOptions = {}) {
          const batch = host.seal(content)
          return ledger.append(change?.(batch) ?? batch, { receivedAtMs, branch })
        },
      }
    },
    async close({ keep = false } = {}) {
      await index.close()
      await ledger.close()
      if (options.store === undefined) await store.destroy()
      if (!keep && options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Keys of a ledger without a folder. */
export function newLedgerKeys(): LedgerOptions['keys'] {
  const pair = newKeyPair()
  return { masterKey, publicKey: () => pair.publicKey, retired: () => [], sign: (_name, data) => signWith(pair, data) }
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tidewaiter-index-'))
}

interface SendOptions {
  receivedAtMs?: number
  branch?: string | null
  /** What the ledger gets instead. */
  change?: (batch: Batch) => Batch
}

/** What goes into a batch. */
export interface Content {
  chunks?: readonly Chunk[]
  statement?: Partial<Statement>
}

export type TestHost = Awaited<ReturnType<TestConsole['host']>>

export const readAt = '2026-11-24T12:00:00.000Z'

function newHost() {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }))
  const privateKey = new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  const id = hostIdOf(nodePrimitives.sha256(publicKey))
  let tip: { seq: number; hash: string } | undefined
  return {
    id,
    publicKey,
    seal({ chunks = [], statement = {} }: Content): Batch {
      const stated: Statement = {
        host: id,
        seq: (tip?.seq ?? 0) + 1,
        prev: tip?.hash ?? null,
        agent: '0.1.0',
        bootId: 'boot',
        zone: 'UTC',
        utcOffset: 0,
        clockOffset: null,
        from: readAt,
        to: readAt,
        sealedAt: readAt,
        sources: [],
        lost: [],
        witness: null,
        ...statement,
      }
      const sign = (data: Uint8Array) => nodePrimitives.signP256(privateKey, data)
      const batch = seal(nodePrimitives, chunks, { seed: randomBytes(32), statement: stated, sign })
      tip = { seq: batch.header.seq, hash: batch.headerHash }
      return batch
    },
  }
}

export function rowOf({ id, publicKey }: { id: string; publicKey: Uint8Array }, name: string) {
  return {
    id,
    name,
    kind: 'agent' as const,
    os: 'Debian 12',
    platform: 'linux',
    public_key: Buffer.from(publicKey),
    agent: '0.1.0',
    state: 'active' as const,
    token_id: null,
    lineage: null,
    certificate_expires_at: null,
    enrolled_at: readAt,
    last_seen_at: null,
    farewell: null,
    clock_offset_ms: null,
    last_state: null,
  }
}

const file = { dev: '1', ino: '2', headSha256: 'ab'.repeat(32) }

/** Lines of a log file. */
export function logLines(
  lines: readonly (string | Uint8Array)[],
  { source = 'log-file:/var/log/auth.log', at = readAt, offset = 0, marks = {} }: LineOptions = {},
): Chunk {
  const records = lines.map((line) => Buffer.from(line))
  return {
    head: { source, start: { offset, file }, readAt: at, method: 'file', unit: 'byte', lf: true, ...marks },
    lengths: records.map(({ length }) => length),
    bytes: Buffer.concat(records.flatMap((record) => (marks.lf === false ? [record] : [record, Buffer.from('\n')]))),
  }
}

interface LineOptions {
  source?: string
  /** When it was read. */
  at?: string
  offset?: number
  marks?: Partial<Chunk['head']>
}

/** Where a source stands, as a header names it. */
export function span(first: number, next: number, { id = 'log-file:/var/log/auth.log', count = 1 } = {}) {
  return { id, first: { offset: first, file }, next: { offset: next, file }, count }
}
