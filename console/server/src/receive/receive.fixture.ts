import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, onTestFinished } from 'vitest'
import type { Collect } from '../collect/collect.ts'
import { type Keys, openKeys } from '../keys/keys.ts'
import { newFolder, openTestLedger } from '../ledger/ledger.fixture.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { openLive } from '../live.ts'
import { setSettings } from '../store/settings.ts'
import { openStore } from '../store/store.ts'
import type { Bounds } from './bounds.ts'
import { type Receive, type ReceiveDeps, startReceive } from './receive.ts'
import { createToken } from './tokens.ts'

export interface Wanted {
  bounds?: Partial<Bounds>
  /** Stands between the port and the ledger. */
  through?(ledger: Ledger): Ledger
  /** Makes what asks hosts; nothing asks them when it is left out. */
  collecting?(deps: ReceiveDeps): Promise<Collect>
}

/** A console with an agent port on loopback: keys, ledger and store are real, the index has read nothing. For tests. */
export class TestConsole {
  readonly #parts: Omit<ReceiveDeps, 'ledger'>
  readonly #dir: string
  readonly #wanted: Wanted
  #close: () => Promise<void> = async () => {}
  #ledger = 'ledger'
  #beginsAgain = false
  deps: ReceiveDeps
  receive: Receive
  /** So much time passed for the console beyond what really did. */
  aheadMs = 0
  /** By so much its wall clock was set, while no time passed. */
  setMs = 0

  constructor(parts: Omit<ReceiveDeps, 'ledger' | 'now'>, dir: string, wanted: Wanted) {
    this.#parts = { ...parts, now: () => Date.now() + this.aheadMs + this.setMs }
    this.#dir = dir
    this.#wanted = wanted
    // `start` makes them before anybody gets to see this console.
    this.deps = undefined as unknown as ReceiveDeps
    this.receive = undefined as unknown as Receive
  }

  async start(): Promise<void> {
    const { keys, now } = this.#parts
    const { bounds = {}, through = (ledger) => ledger } = this.#wanted
    const ledger = await openTestLedger({
      dir: join(this.#dir, this.#ledger),
      keys,
      now,
      beginsAgain: this.#beginsAgain,
    })
    this.#beginsAgain = false
    this.deps = { ...this.#parts, ledger: through(ledger) }
    const steady = () => performance.now() + this.aheadMs
    const collect = await this.#wanted.collecting?.(this.deps)
    if (collect !== undefined) this.deps = { ...this.deps, collect }
    this.receive = await startReceive(this.deps, { port: 0, bounds, steady })
    const { receive } = this
    collect?.connect(receive.send)
    this.#close = async () => {
      await receive.close()
      await ledger.close()
    }
    onTestFinished(() => receive.close())
  }

  /** Ends and starts again, with what is on disk; `beginsAgain` as after a restore of it. */
  async restart({ beginsAgain = false } = {}): Promise<void> {
    await this.#close()
    this.#beginsAgain = beginsAgain
    await this.start()
  }

  /** Ends and starts again with another ledger, in which nothing is: as after a restore of the keys alone. */
  async rebuild(): Promise<void> {
    await this.#close()
    this.#ledger = 'ledger-2'
    this.#beginsAgain = true
    await this.start()
  }

  /** An enrolment token, cut into its parts. */
  async token(wanted: { uses?: number; expires?: string } = {}): Promise<{ token: string; secret: string }> {
    const { store, keys, now } = this.deps
    const act = { who: 'admin@broker.example', nowMs: now(), caFingerprint: keys.caFingerprint }
    const { token } = await createToken(store, { uses: 1000, ...wanted }, act)
    const { i, s } = JSON.parse(Buffer.from(token.slice(4), 'base64url').toString())
    return { token: i, secret: s }
  }

  irregularities() {
    return this.deps.store.selectFrom('irregularity').selectAll().orderBy('no').execute()
  }

  /** Codes of what was noted, so far. */
  async codes(): Promise<string[]> {
    return (await this.irregularities()).map(({ code }) => code)
  }

  /** Codes of all that was noted, once the port is closed. */
  async finalCodes(): Promise<string[]> {
    await this.receive.close()
    return this.codes()
  }

  attempts() {
    return this.deps.store.selectFrom('attempt').selectAll().orderBy('no').execute()
  }

  host(id: string) {
    return this.deps.store.selectFrom('host').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  }
}

/** Starts one that is closed after the test. */
export async function startConsole(wanted: Wanted = {}): Promise<TestConsole> {
  const dir = newFolder()
  const keys = await testKeys()
  const store = await openStore({ file: ':memory:' })
  onTestFinished(() => store.destroy())
  await setSettings(store, { agentUrls: JSON.stringify(['wss://127.0.0.1:8444']) })
  // What the port asks of the index is how far it has read.
  const index = { asOf: () => 0 } as unknown as ReceiveDeps['index']
  const parts = { keys, store, index, live: openLive(), log: pino({ level: 'silent' }) }
  const console = new TestConsole(parts, dir, wanted)
  await console.start()
  return console
}

const keysFolder = mkdtempSync(join(tmpdir(), 'tidewaiter-keys-'))
afterAll(() => rmSync(keysFolder, { recursive: true, force: true }))
let keys: Promise<Keys> | undefined

/** The same for all consoles of a file: to make keys takes longer than most tests, and none of them changes them. */
function testKeys(): Promise<Keys> {
  keys ??= openKeys(keysFolder)
  return keys
}
