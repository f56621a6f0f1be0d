import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Header, openBatch, parseHeader, recordBytes } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { lookInto } from '../../../agent/src/data-folder.ts'
import { type HostKey, newHostKey, readIdentity } from '../../../agent/src/identity.ts'
import { requestFor } from '../../../agent/src/uplink/csr.ts'
import { type Keys, openKeys } from '../../../console/server/src/keys/keys.ts'
import { openStore, type Store } from '../../../console/server/src/store/store.ts'
import { AgentRig, source } from './agent-rig.ts'
import { ConsoleRig } from './console-rig.ts'
import { calm, type FrameFault, type Weather, Wire } from './wire.ts'

/** What takes long to make and is the same in every run: keys of the console, its store, and an enrolled host. */
export interface Ground {
  keys: Keys
  store: Store
  folder: string
  close(): Promise<void>
}

/** A folder in memory, where the machine has such a place: for what is written a thousand times. */
export function memoryFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tidewaiter-faults-'))
}

export async function newGround(folder = memoryFolder()): Promise<Ground> {
  const keys = await openKeys(join(folder, 'keys'))
  const store = await openStore({ file: ':memory:' })
  return {
    keys,
    store,
    folder,
    async close() {
      await store.destroy()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function enrol({ keys, store }: Ground, key: HostKey) {
  const csr = Buffer.from(await requestFor(key), 'base64')
  const { certificate, expiresAt } = await keys.issueHostCertificate({ csr, hostId: key.host, nowMs: Date.now() })
  const said = { name: 'desk-1', os: 'Debian', platform: 'linux', agent: '0.1.0' }
  const unknown = { token_id: key.host, lineage: null, last_seen_at: null, farewell: null, clock_offset_ms: null }
  await store
    .insertInto('host')
    .values({
      ...said,
      ...unknown,
      id: key.host,
      kind: 'agent',
      public_key: key.publicKey,
      state: 'active',
      certificate_expires_at: expiresAt,
      enrolled_at: new Date().toISOString(),
      last_state: null,
    })
    .execute()
  const enrolment = {
    tw: 'enrolment/1' as const,
    host: key.host,
    addresses: ['wss://console:1'],
    serverName: keys.agentPort.serverName,
    ca: keys.caCertificate,
    certificate,
    enrolledAt: '2026-11-24T10:00:00.000Z',
  }
  return { key, enrolment }
}

/** What the ledger holds of the source, in the order it came. */
export interface Held {
  texts: string[]
  /** What headers count as lost, by cause. */
  lost: Map<string, number>
  /** More than one history of the host is held. */
  isForked: boolean
}

/** One agent, one console, and the wire between them. */
export class World {
  readonly agent: AgentRig
  readonly console: ConsoleRig
  readonly hit: (fault: FrameFault) => void
  readonly #folder: string
  #wire: Wire | undefined

  private constructor(parts: { agent: AgentRig; console: ConsoleRig; folder: string; hit(fault: FrameFault): void }) {
    this.agent = parts.agent
    this.console = parts.console
    this.#folder = parts.folder
    this.hit = parts.hit
  }

  static async begin(
    ground: Ground,
    { budgetBytes = 1e9, hit = () => {} }: { budgetBytes?: number; hit?(fault: FrameFault): void } = {},
  ): Promise<World> {
    const folder = mkdtempSync(join(ground.folder, 'world-'))
    const enrolled = await enrol(ground, newHostKey())
    const agent = new AgentRig({ path: join(folder, 'agent'), enrolled, budgetBytes })
    return World.#of(agent, { ground, folder, hit })
  }

  /** Goes on with the folders of an agent and a ledger in `folder`. */
  static async resume(ground: Ground, folder: string): Promise<World> {
    const path = join(folder, 'agent')
    const { key } = readIdentity(lookInto(path))
    const isKnown = await ground.store.selectFrom('host').select('id').where('id', '=', key.host).executeTakeFirst()
    if (isKnown === undefined) await enrol(ground, key)
    return World.#of(new AgentRig({ path, budgetBytes: 1e9 }), { ground, folder, hit: () => {} })
  }

  static async #of(
    agent: AgentRig,
    { ground, folder, hit }: { ground: Ground; folder: string; hit(fault: FrameFault): void },
  ): Promise<World> {
    const console = new ConsoleRig({ ...ground, path: join(folder, 'ledger'), now: () => agent.clock.now() })
    agent.start()
    await console.start()
    return new World({ agent, console, folder, hit })
  }

  /** Lets everything happen that does not wait for time. */
  async settle(): Promise<void> {
    for (let quiet = 0, turns = 0; quiet < 12 && turns < 5_000; turns++) {
      await new Promise((resolve) => setImmediate(resolve))
      const isBusy = (this.console.isBusy && !this.console.isDead) || (this.#wire !== undefined && this.#isUnderWay)
      quiet = isBusy ? 0 : quiet + 1
    }
    await this.revive()
  }

  get #isUnderWay(): boolean {
    return this.#wire?.agent.readyState === 1 && !this.#wire.isIdle && !this.#wire.console.isPaused
  }

  /** Whoever was killed is started again. */
  async revive(): Promise<void> {
    if (this.agent.isDead) {
      await this.agent.bury()
      this.agent.start()
    }
    if (this.console.isDead) {
      await this.console.bury()
      await this.console.start()
    }
    this.agent.check()
  }

  async connect(weather: Weather = calm): Promise<void> {
    if (this.agent.isConnected) return
    this.#wire = new Wire(weather, this.hit)
    await this.console.connect(this.#wire.console, this.agent.publicKey)
    this.agent.connect(this.#wire.agent)
    // Who may come in stands in the store, which no one counts the turns of.
    const welcomed = () => this.agent.isDead || this.console.isDead || !this.agent.isConnected || this.agent.isWelcome
    for (const end = performance.now() + 2_000; !welcomed() && performance.now() < end; )
      await new Promise((resolve) => setImmediate(resolve))
    await this.settle()
  }

  async write(lines: readonly string[]): Promise<void> {
    this.agent.lines.push(...lines)
    await this.agent.collect()
    await this.settle()
  }

  /** Time passes. */
  async pass(ms: number): Promise<void> {
    await this.agent.clock.advance(ms)
    await this.settle()
  }

  /** Everything is well again: all that the source has is sealed, sent and acknowledged. */
  async heal(): Promise<void> {
    this.agent.forgetDoom()
    this.console.forgetDoom()
    this.agent.setDisk('well')
    this.console.setDisk('well')
    await this.settle()
    if (this.agent.isConnected) this.agent.drop()
    for (let round = 0; round < 60; round++) {
      await this.settle()
      await this.agent.collect({ alsoSilent: this.agent.spool.owed(1).length > 0 })
      await this.pass(6_000)
      await this.connect()
      if (this.#isDone() && (await this.#isTipHeld())) return
      // A console looks by a real clock whether there is room again.
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    throw new Error(`no peace: ${JSON.stringify(this.agent.spool.usage())} ${this.agent.problem}`)
  }

  #isDone(): boolean {
    const at = this.agent.sealer.positionOf(source)
    const isRead = at !== undefined && 'number' in at && at.number === this.agent.lines.length
    const isSealed = JSON.stringify(this.agent.spool.sourceOf(source)?.position) === JSON.stringify(at)
    const owes = this.agent.spool.owed(1).length > 0
    return (isRead || this.agent.lines.length === 0) && isSealed && !owes && this.agent.spool.usage().unacked === 0
  }

  async #isTipHeld(): Promise<boolean> {
    const chain = this.agent.spool.chain()
    if (chain?.tip == null) return true
    const { host, tip } = chain
    for (const branch of [null, tip.headerHash.slice(0, 8)])
      if ((await this.console.ledger.find({ host, branch, seq: tip.seq }))?.headerHash === tip.headerHash) return true
    return false
  }

  /** What the file of the ledger holds once the console has ended. */
  async held(): Promise<Held> {
    await this.console.stop()
    await this.console.start()
    const { ledger } = this.console
    const held: Held = { texts: [], lost: new Map(), isForked: false }
    const hosts = new Set<string>()
    const entries: { header: Header; payload: Uint8Array; branch: string | null }[] = []
    for (let position = 0; position < ledger.size(); position++) {
      const { host, branch, headerBytes } = (await ledger.entry(position))!
      hosts.add(host)
      held.isForked ||= branch !== null || hosts.size > 1
      entries.push({ header: parseHeader(headerBytes), payload: await ledger.payload(position), branch })
    }
    for (const { header, payload } of inOrder(entries)) {
      for (const { cause, count } of header.lost) held.lost.set(cause, (held.lost.get(cause) ?? 0) + (count ?? 0))
      const { chunks } = openBatch(nodePrimitives, { header, payload })
      for (const chunk of chunks)
        if (chunk.head.source === source)
          for (let i = 0; i < chunk.starts.length; i++) held.texts.push(Buffer.from(recordBytes(chunk, i)).toString())
    }
    return held
  }

  async end(): Promise<void> {
    await this.agent.stop()
    await this.console.stop()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * As it came; of a branch, whose batches are each taken as they come, in the order of their numbers. A chain stands
 * before the one that goes on from it: a console that was replaced gets it again after that.
 */
function inOrder<Entry extends { header: Header; branch: string | null }>(entries: readonly Entry[]): Entry[] {
  const branched = entries.filter(({ branch }) => branch !== null).sort((a, b) => a.header.seq - b.header.seq)
  const ordered = entries.map((entry) => (entry.branch === null ? entry : (branched.shift() ?? entry)))
  // Its first header names it.
  const first = entries.filter(({ header }) => header.lineage !== undefined)
  const before = new Map(first.map(({ header: { host, lineage } }) => [host, lineage?.host] as const))
  const depthOf = (host: string | undefined): number => (host === undefined ? 0 : depthOf(before.get(host)) + 1)
  return ordered.toSorted((a, b) => depthOf(a.header.host) - depthOf(b.header.host))
}
