import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Batch, Position } from '@tidewaiter/protocol'
import pino from 'pino'
import { openArtifacts } from '../../../agent/src/acquire/store.ts'
import { newBell } from '../../../agent/src/bell.ts'
import { newBudget } from '../../../agent/src/budget.ts'
import { toChunk } from '../../../agent/src/chunk.ts'
import { newFakeClock } from '../../../agent/src/clock.fixture.ts'
import { type DataFolder, lookInto } from '../../../agent/src/data-folder.ts'
import { isAgentRefusal } from '../../../agent/src/error.ts'
import { newFakeHost } from '../../../agent/src/host.fixture.ts'
import { adoptIdentity, type HostKey, type Identity, keyToEnrol, readIdentity } from '../../../agent/src/identity.ts'
import { newOwnRecords } from '../../../agent/src/own-records.ts'
import { Sealer } from '../../../agent/src/seal/sealer.ts'
import { tellSetAside } from '../../../agent/src/set-aside.ts'
import { condemnSpool, openSpool } from '../../../agent/src/spool/open.ts'
import type { Spool } from '../../../agent/src/spool/spool.ts'
import { Session } from '../../../agent/src/uplink/session.ts'
import type { UplinkOptions } from '../../../agent/src/uplink/uplink.ts'
import { copyFolder } from './copy-folder.ts'
import type { Plug } from './wire.ts'

export const source = 'log-file:/var/log/a.log'

/** Moments at which an agent can be killed, in the order of the flow (`evidence.md` 4). */
export const agentSteps = [
  'before a batch is committed to the spool',
  'after a batch is committed to the spool',
  'before a batch is sent',
  'after a batch was sent',
  'when an acknowledgement comes',
  'before a batch is marked',
  'after a batch is marked',
] as const
export type AgentStep = (typeof agentSteps)[number]

class Killed extends Error {}

let told: (db: DatabaseSync, sql: string, when: 'before' | 'after') => void = () => {}
const { exec } = DatabaseSync.prototype
DatabaseSync.prototype.exec = function (sql) {
  told(this, sql, 'before')
  exec.call(this, sql)
  told(this, sql, 'after')
}

interface Options {
  path: string
  /** Undefined where the folder is that of an enrolled agent already. */
  enrolled?: Identity
  budgetBytes: number
}

/**
 * The agent's own parts (sealer, spool, session) over a source that a test writes, on a clock that it moves. Killed, it
 * goes on with what its folder held at that moment.
 */
export class AgentRig {
  readonly clock = newFakeClock()
  readonly lines: string[] = []
  /** Added to the host's clock: somebody set it. */
  aheadMs = 0
  spool!: Spool
  sealer!: Sealer
  isConnected = false
  /** Name under which a damaged spool was put aside at the last start. */
  setAside: string | undefined
  isDead = false
  /** Told when a step was reached at which it was to die. */
  died: (step: AgentStep) => void = () => {}
  #options: Options
  #folder!: DataFolder
  #identity!: Identity
  #halt = new AbortController()
  #hangUp = new AbortController()
  #uplink!: UplinkOptions
  #plug: Plug | undefined
  #lives = 0
  #doom: { step: AgentStep; in: number } | undefined
  #isMarking = false
  #isHandingOver = false
  #db: DatabaseSync | undefined
  #failed: unknown
  #going: Promise<unknown>[] = []

  constructor(options: Options) {
    this.#options = options
    mkdirSync(options.path, { mode: 0o700, recursive: true })
    this.#folder = lookInto(options.path)
    if (options.enrolled !== undefined) adoptIdentity(this.#folder, { before: undefined, next: options.enrolled })
  }

  get host(): string {
    return this.#identity.key.host
  }

  get publicKey(): Uint8Array {
    return this.#identity.key.publicKey
  }

  get path(): string {
    return this.#folder.path
  }

  start(): void {
    told = (db, sql, when) => this.#step(db, sql, when)
    this.isDead = false
    this.#isHandingOver = false
    this.#halt = new AbortController()
    this.#identity = readIdentity(this.#folder)
    const { spool, setAside } = openSpool(this.#folder, {
      budgetBytes: this.#options.budgetBytes,
      nowMs: this.clock.now(),
    })
    this.setAside = setAside
    try {
      spool.beginChain(this.#identity.enrolment)
    } catch (cause) {
      spool.close()
      if (!isBroken(cause)) throw cause
      condemnSpool(this.#folder)
      this.start()
      return
    }
    const { clock } = this
    const host = { ...newFakeHost(clock), now: () => clock.now() + this.aheadMs }
    const changed = newBell(host)
    this.spool = spool
    this.sealer = new Sealer({ host, spool, changed, key: () => this.#identity.key })
    this.#uplink = {
      host,
      spool,
      sealer: this.sealer,
      budget: newBudget(host),
      changed,
      link: { address: 'wss://console:1', isConnected: false, since: '', mustBeginAnew: false },
      log: pino({ level: 'silent' }),
      identity: () => this.#identity,
      newKey: () => keyToEnrol(this.#folder, this.#identity),
      adopt: (key, enrolment) => this.#adopt(key, enrolment),
      states: () => [],
      order: () => {},
      tell: () => {},
      artifacts: openArtifacts(this.#folder),
      lost: async () => {},
      random: () => 0,
    }
    const own = newOwnRecords({ host, sealer: this.sealer })
    this.#going = [
      this.#unlessKilled(this.sealer.run(this.#halt.signal)),
      this.#unlessKilled(tellSetAside({ folder: this.#folder, spool, sealer: this.sealer, own })),
    ]
  }

  #adopt(key: HostKey, enrolment: Identity['enrolment']): void {
    const begin = (next: Identity) => {
      this.spool.beginChain(enrolment)
      this.#identity = next
    }
    adoptIdentity(this.#folder, { before: this.#identity, next: { key, enrolment }, begin })
  }

  /** Dies at the `nth` such step from now. */
  dieAt(step: AgentStep, nth: number): void {
    this.#doom = { step, in: nth }
  }

  forgetDoom(): void {
    this.#doom = undefined
  }

  #step(db: DatabaseSync, sql: string, when: 'before' | 'after'): void {
    if (this.isDead || db.location() !== join(this.path, 'spool.db')) return
    this.#db = db
    if (sql.includes('synchronous = NORMAL')) this.#isMarking = true
    if (sql.includes('synchronous = FULL')) this.#isMarking = false
    if (sql === 'COMMIT') this.#reach(`${when} a batch is ${this.#isMarking ? 'marked' : 'committed to the spool'}`)
  }

  #reach(step: AgentStep): void {
    if (this.#doom?.step !== step || --this.#doom.in > 0) return
    this.#doom = undefined
    this.died(step)
    this.kill()
    throw new Killed()
  }

  /** Ends at this moment: what the files hold is all there is. */
  kill(): void {
    const left = this.copy()
    this.isDead = true
    this.#hangUp.abort()
    this.#plug?.terminate()
    this.#halt.abort()
    this.#folder = lookInto(left)
  }

  /** A copy of the folder as it is now. */
  copy(): string {
    const copy = `${this.#options.path}-${++this.#lives}`
    copyFolder(this.path, copy)
    return copy
  }

  /** The machine is another one from now on: one that was copied before. */
  becomeCopy(folder: string): void {
    this.kill()
    const again = `${this.#options.path}-${++this.#lives}`
    copyFolder(folder, again)
    this.#folder = lookInto(again)
  }

  /** Ends what is left of a killed agent. */
  async bury(): Promise<void> {
    await Promise.allSettled(this.#going)
    try {
      this.spool.close()
    } catch {
      // It was closed before.
    }
  }

  async stop(): Promise<void> {
    this.#halt.abort()
    this.#hangUp.abort()
    this.#plug?.terminate()
    await Promise.allSettled(this.#going)
    this.spool.close()
  }

  /** Hands over what the source has beyond what was handed over before, or that it is alive and silent. */
  async collect({ alsoSilent = false } = {}): Promise<void> {
    const at = numberOf(this.sealer.positionOf(source))
    const fresh = this.lines.slice(at)
    // A hand-over that waits for the disk is not made twice.
    if ((fresh.length === 0 && !alsoSilent) || this.#isHandingOver) return
    const readAt = new Date(this.clock.now() + this.aheadMs).toISOString()
    const head = { source, start: { number: at }, readAt, method: 'test', unit: 'row' as const, lf: true }
    const records = fresh.map((line) => Buffer.from(line))
    const chunks = fresh.length === 0 ? [] : [toChunk(head, records)]
    const { signal } = this.#halt
    const taking = this.sealer.take({ source, chunks, next: { number: this.lines.length } }, { signal })
    this.#isHandingOver = true
    const taken = this.#unlessKilled(taking).then(() => {
      if (signal === this.#halt.signal) this.#isHandingOver = false
    })
    // While the disk takes nothing, the source keeps what it has.
    await Promise.race([taken, new Promise((resolve) => setImmediate(resolve))])
  }

  connect(plug: Plug): void {
    this.#plug = plug
    this.#hangUp = new AbortController()
    plug.onSend = ({ isBinary }, when) => {
      if (isBinary) this.#reach(when === 'before' ? 'before a batch is sent' : 'after a batch was sent')
    }
    const emit = plug.emit.bind(plug)
    plug.emit = (name: string, ...values: unknown[]) => {
      if (this.isDead && name === 'message') return false
      try {
        if (name === 'message' && String(values[0]).startsWith('{"type":"ack"'))
          this.#reach('when an acknowledgement comes')
        return emit(name, ...values)
      } catch (cause) {
        if (!(cause instanceof Killed)) throw cause
        return false
      }
    }
    this.isConnected = true
    // As the real socket: by name, to whoever listens.
    const session = new Session(plug as unknown as ConstructorParameters<typeof Session>[0], this.#uplink)
    const run = session.run(this.#hangUp.signal).then(({ cause }) => {
      this.isConnected = false
      if (cause !== undefined) this.#uplink.link.problem = cause
      if (isBroken(cause)) this.#condemn()
    })
    this.#going.push(this.#unlessKilled(run))
    setImmediate(() => plug.emit('open'))
  }

  /** The console has answered. */
  get isWelcome(): boolean {
    return this.#uplink.link.isConnected
  }

  get problem(): string | undefined {
    return this.#uplink.link.problem?.says
  }

  drop(): void {
    this.#plug?.terminate()
  }

  /** The volume of the spool takes no more, can only be read, or is well again. */
  setDisk(state: 'full' | 'read-only' | 'well'): void {
    this.#db?.exec(`PRAGMA max_page_count = ${state === 'full' ? 1 : 1_073_741_823}`)
    this.#db?.exec(`PRAGMA query_only = ${state === 'read-only' ? 'ON' : 'OFF'}`)
  }

  /** Throws what an agent at work threw that was no kill. */
  check(): void {
    if (this.#failed !== undefined) throw this.#failed
  }

  async #unlessKilled(act: Promise<unknown>): Promise<void> {
    await act.catch((cause) => {
      if (this.isDead || cause instanceof Killed) return
      if (isBroken(cause)) this.#condemn()
      else this.#failed ??= cause
    })
  }

  /** As the agent does it: with the next start a new spool takes the place of the damaged one. */
  #condemn(): void {
    if (this.isDead) return
    condemnSpool(this.#folder)
    this.kill()
  }

  /** Batches of the chain that is sealed now. */
  batches(): Batch[] {
    const all: Batch[] = []
    for (let batch = this.spool.next(0); batch !== undefined; batch = this.spool.next(batch.header.seq)) all.push(batch)
    return all
  }
}

function isBroken(cause: unknown): boolean {
  return isAgentRefusal(cause) && cause.code === 'spool-broken'
}

function numberOf(position: Position | undefined): number {
  return position !== undefined && 'number' in position ? position.number : 0
}
