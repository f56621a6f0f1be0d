import { mkdirSync } from 'node:fs'
import { consistencyOf, fromHex, isConsistent, parseHead, type SignedHead, treeOf } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import pino from 'pino'
import type { Keys } from '../../../console/server/src/keys/keys.ts'
import type { Ledger } from '../../../console/server/src/ledger/ledger.ts'
import { openLedger } from '../../../console/server/src/ledger/open.ts'
import { openLive } from '../../../console/server/src/live.ts'
import { admitKey } from '../../../console/server/src/receive/admit.ts'
import { bounds } from '../../../console/server/src/receive/bounds.ts'
import { type Hall, type HallDeps, openHall } from '../../../console/server/src/receive/hall.ts'
import { Session } from '../../../console/server/src/receive/session.ts'
import { openSqlite, type Sqlite } from '../../../console/server/src/store/sqlite.ts'
import type { Store } from '../../../console/server/src/store/store.ts'
import { copyFolder } from './copy-folder.ts'
import type { Plug } from './wire.ts'

/** Moments at which a console can be killed, in the order of the flow. */
export const consoleSteps = [
  'before a group is begun in the ledger',
  'before a group is committed to the ledger',
  'after a group is committed to the ledger',
  'before an acknowledgement is sent',
  'after an acknowledgement was sent',
] as const
export type ConsoleStep = (typeof consoleSteps)[number]

interface Ack {
  headerHash: string
  head: SignedHead
}

interface Options {
  path: string
  keys: Keys
  store: Store
  now(): number
}

/** The console's own parts (session, chain, ledger). Killed, it goes on with what its ledger's folder held then. */
export class ConsoleRig {
  /** Every acknowledgement that was given and not taken back with an older copy. */
  acks: Ack[] = []
  isDead = false
  /** Told when a step was reached at which it was to die. */
  died: (step: ConsoleStep) => void = () => {}
  ledger!: Ledger
  readonly #options: Options
  #dir: string
  #hall!: Hall
  #lives = 0
  #disk: 'full' | 'read-only' | 'well' = 'well'
  #doom: { step: ConsoleStep; in: number } | undefined
  #plugs = new Set<Plug>()
  #files = new Set<Sqlite>()
  #working = 0

  constructor(options: Options) {
    this.#options = options
    this.#dir = options.path
    mkdirSync(this.#dir, { recursive: true })
  }

  get dir(): string {
    return this.#dir
  }

  get isBusy(): boolean {
    return this.#working > 0
  }

  async start(): Promise<void> {
    const { keys, store, now } = this.#options
    this.isDead = true
    const life = this.#lives
    const open = async (file: string, options?: { readOnly: boolean }) =>
      this.#stepped(await openSqlite(file, options), life)
    this.ledger = await openLedger({ dir: this.#dir, keys, now, segmentBytes: 512 * 1024, open })
    const deps = {
      store,
      keys,
      ledger: this.ledger,
      index: { asOf: () => 0 } as HallDeps['index'],
      live: openLive(),
      log: pino({ level: 'silent' }),
      now,
      steady: () => performance.now(),
    }
    this.#hall = openHall(deps, { ...bounds, farewellMs: 20, retryMs: 5 })
    this.isDead = false
  }

  /** A life that has ended answers nothing more. */
  #stepped(db: Sqlite, life: number): Sqlite {
    this.#files.add(db)
    const during = async <T>(act: () => Promise<T>): Promise<T> => {
      if (life !== this.#lives) return new Promise(() => {})
      this.#working += 1
      const done = await act().then(
        (value) => ({ value }),
        (cause: unknown) => ({ cause }),
      )
      if (life !== this.#lives) return new Promise(() => {})
      this.#working -= 1
      if ('cause' in done) throw done.cause
      return done.value
    }
    const reach = (step: ConsoleStep) => this.#reach(step)
    return {
      all: (sql, parameters) => during(() => db.all(sql, parameters)),
      run: (sql, parameters) => {
        if (this.#disk !== 'well' && life === this.#lives) return Promise.reject(diskError(this.#disk))
        return during(() => db.run(sql, parameters))
      },
      exec: async (sql) => {
        if (sql === 'BEGIN IMMEDIATE' && reach('before a group is begun in the ledger')) return new Promise(() => {})
        if (sql === 'COMMIT' && reach('before a group is committed to the ledger')) return new Promise(() => {})
        await during(() => db.exec(sql))
        if (sql === 'COMMIT' && reach('after a group is committed to the ledger')) return new Promise(() => {})
      },
      interrupt: () => db.interrupt(),
      close: async () => {
        this.#files.delete(db)
        await during(() => db.close())
      },
    }
  }

  dieAt(step: ConsoleStep, nth: number): void {
    this.#doom = { step, in: nth }
  }

  forgetDoom(): void {
    this.#doom = undefined
  }

  /** True when this is where it dies. */
  #reach(step: ConsoleStep): boolean {
    if (this.#doom?.step !== step || --this.#doom.in > 0) return false
    this.#doom = undefined
    this.died(step)
    this.kill()
    return true
  }

  /** Ends at this moment. Only to be called while nothing is being written, or from a step. */
  kill(): void {
    const left = this.copy()
    this.#leaveFor(left)
  }

  #leaveFor(folder: string): void {
    this.isDead = true
    this.#lives += 1
    this.#working = 0
    this.#dir = folder
    for (const plug of this.#plugs) plug.terminate()
    this.#plugs.clear()
  }

  /** A copy of the ledger as it is now. */
  copy(): string {
    const copy = `${this.#options.path}-${this.#lives}-${Math.random().toString(36).slice(2)}`
    copyFolder(this.#dir, copy)
    return copy
  }

  /** Its ledger is an older one from now on: what it promised since then is forgotten with it. */
  becomeCopy({ folder, acks }: { folder: string; acks: readonly Ack[] }): void {
    const again = `${folder}-${this.#lives}`
    copyFolder(folder, again)
    this.#leaveFor(again)
    this.acks = [...acks]
  }

  /** Ends what is left of a killed console. */
  async bury(): Promise<void> {
    await Promise.allSettled([...this.#files].map((db) => db.close()))
    this.#files.clear()
    this.#disk = 'well'
  }

  async stop(): Promise<void> {
    if (this.isDead) return this.bury()
    await this.#hall.close()
    await this.ledger.close()
  }

  setDisk(state: 'full' | 'read-only' | 'well'): void {
    this.#disk = state
  }

  /** A host with this key is on the line. */
  async connect(plug: Plug, publicKey: Uint8Array): Promise<void> {
    const { store, now } = this.#options
    const admitted = await admitKey(store, { publicKey, address: '192.0.2.1', nowMs: now() })
    this.#plugs.add(plug)
    plug.once('close', () => this.#plugs.delete(plug))
    const life = this.#lives
    plug.onSend = ({ data }, when) => {
      const message = JSON.parse(data.toString())
      if (message.type !== 'ack' || life !== this.#lives) return
      if (when === 'after') this.acks.push({ headerHash: message.headerHash, head: message.head })
      this.#reach(when === 'before' ? 'before an acknowledgement is sent' : 'after an acknowledgement was sent')
    }
    // As much of a WebSocket as a session uses.
    const socket = plug as unknown as ConstructorParameters<typeof Session>[0]['socket']
    new Session({ socket, bytesRead: () => 0 }, admitted, this.#hall)
  }

  /** What is wrong with the promises that were given, as the ledger stands now. */
  async brokenPromises(): Promise<string[]> {
    const size = this.ledger.size()
    const leaves = await this.ledger.leaves(size)
    const tree = treeOf(nodePrimitives, leaves)
    const newest = parseHead(this.ledger.head())
    const held = new Set<string>()
    for (let position = 0; position < size; position++) held.add((await this.ledger.entry(position))?.headerHash ?? '')
    const newer = { size: newest.size, root: fromHex(newest.root)! }
    return this.acks.flatMap(({ headerHash, head }) => {
      const { ledger, size: before, root } = parseHead(head)
      const older = { size: before, root: fromHex(root)! }
      const isPrefix =
        ledger === this.ledger.id &&
        before <= size &&
        isConsistent(nodePrimitives, older, newer, consistencyOf(tree, before))
      return [
        ...(held.has(headerHash) ? [] : [`${headerHash} was acknowledged and is not held`]),
        ...(isPrefix ? [] : [`the ledger does not go on from its head of ${before} entries`]),
      ]
    })
  }
}

function diskError(state: 'full' | 'read-only'): Error {
  const code = state === 'full' ? 'SQLITE_FULL' : 'SQLITE_READONLY'
  return Object.assign(new Error(code), { code })
}
