import type { CollectionDetail, NewCollection } from '@tidewaiter/protocol/api'
import type { Deps } from '../deps.ts'
import { isRefusal } from '../error.ts'
import type { Artifacts } from '../ledger/artifacts.ts'
import type { Entry } from '../ledger/ledger.ts'
import { recordAlone } from '../people/audit.ts'
import type { Order } from '../receive/receive.ts'
import { saidIn } from './answers.ts'
import { type Arrivals, openArrivals } from './arrivals.ts'
import { type By, cancelCollection, expireTasks, insertCollection, openStates, takeTasks } from './asking.ts'
import { collectionDetail } from './rows.ts'
import { settle } from './settle.ts'

type CollectDeps = Pick<Deps, 'store' | 'ledger' | 'live' | 'log' | 'now'> & { artifacts: Artifacts }

/** What people ask of hosts, and what hosts give for it. */
export class Collect {
  readonly #o: CollectDeps
  readonly arrivals: Arrivals
  /** Hosts whose answers are waited for. */
  readonly #awaited = new Set<string>()
  /** Hosts that have said hello and not left. */
  readonly #isThere = new Set<string>()
  readonly #stop: () => void
  #send: (host: string, order: Order) => boolean = () => false
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: CollectDeps) {
    const { store, artifacts, ledger } = options
    this.#o = options
    this.arrivals = openArrivals({ store, artifacts, held: (host, sha256) => this.#held(host, sha256) })
    this.#stop = ledger.onAppend((entry) => {
      if (this.#awaited.has(entry.host)) void this.#inTurn(() => this.#read(entry))
    })
  }

  /** One after the other: what is announced and what arrives meet here. A failure is logged. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const next = this.#turn.then(act).catch((cause: unknown) => this.#o.log.error({ err: cause }, 'collection failed'))
    this.#turn = next
    return next
  }

  get #at(): string {
    return new Date(this.#o.now()).toISOString()
  }

  #changed(): void {
    this.#o.live.changed('collections')
  }

  async #read(entry: Entry): Promise<void> {
    if (entry.branch !== null) return
    const { store, artifacts, ledger, log } = this.#o
    try {
      for (const one of await saidIn(entry, ledger)) await settle({ store, artifacts, at: this.#at }, entry.host, one)
    } catch (cause) {
      // A batch that lies or cannot be opened is shown where batches are judged.
      if (!isRefusal(cause)) throw cause
      log.warn({ host: entry.host, seq: entry.seq, code: cause.code }, 'a batch with answers does not open')
    }
    this.#changed()
  }

  async #held(host: string, sha256: string): Promise<void> {
    await this.#inTurn(async () => {
      await this.#o.store
        .updateTable('artifact')
        .set({ state: 'held', held_at: this.#at, why: null })
        .where('sha256', '=', sha256)
        .where('host', '=', host)
        .where('state', '!=', 'held')
        .execute()
    })
    this.#changed()
  }

  /** Works in what came while nobody looked. */
  async catchUp(): Promise<void> {
    const { store, ledger } = this.#o
    const announced = await store
      .selectFrom('artifact')
      .select('host')
      .distinct()
      .where('state', '=', 'announced')
      .execute()
    for (const { host } of announced) this.#awaited.add(host)
    const open = await store
      .selectFrom('collection_task')
      .select(['host', (each) => each.fn.min('after_seq').as('after')])
      .where('state', 'in', [...openStates])
      .groupBy('host')
      .execute()
    for (const { host, after } of open) {
      this.#awaited.add(host)
      const span = { from: Number(after) + 1, to: Number.MAX_SAFE_INTEGER }
      for await (const entry of ledger.entriesOf(host, span)) await this.#read(entry)
    }
  }

  /** How messages reach a host that is connected: false when it is not. */
  connect(send: (host: string, order: Order) => boolean): void {
    this.#send = send
  }

  /** Throws `not-found` for a host that is not here, or is revoked. */
  async create(wanted: NewCollection, by: By): Promise<CollectionDetail> {
    const { store, ledger } = this.#o
    const id = await insertCollection(store, wanted, { by, tipOf: (host) => ledger.tipOf(host)?.seq ?? 0 })
    for (const host of wanted.hosts) {
      this.#awaited.add(host)
      if (this.#isThere.has(host)) await this.#inTurn(() => this.#sendTo(host))
    }
    this.#changed()
    return collectionDetail(store, id)
  }

  async #sendTo(host: string, seen?: number): Promise<void> {
    const tasks = await takeTasks(this.#o.store, host, { at: this.#at, ...(seen !== undefined && { seen }) })
    for (const task of tasks) if (!this.#send(host, { type: 'task', task })) this.#isThere.delete(host)
    if (tasks.length > 0) this.#changed()
  }

  /** A host said hello, with the highest counter it has seen: it gets what waits for it. */
  greeted(host: string, seen: number): Promise<void> {
    this.#isThere.add(host)
    return this.#inTurn(() => this.#sendTo(host, seen))
  }

  left(host: string): void {
    this.#isThere.delete(host)
  }

  /** Ends what has not ended. Throws `not-found`. */
  async cancel(id: string, by: By): Promise<CollectionDetail> {
    await collectionDetail(this.#o.store, id)
    for (const { id: task, host } of await cancelCollection(this.#o.store, id, by))
      this.#send(host, { type: 'cancel', task })
    this.#changed()
    return collectionDetail(this.#o.store, id)
  }

  async detail(id: string): Promise<CollectionDetail> {
    await expireTasks(this.#o.store, this.#o.now())
    return collectionDetail(this.#o.store, id)
  }

  /** An artifact to be given out, once it is written down who has it. Throws `not-found`, `payload-unreadable`. */
  async artifact(sha256: string, by: By): Promise<{ size: number; bytes: AsyncIterable<Uint8Array> }> {
    const found = await this.#o.artifacts.read(sha256)
    await recordAlone(this.#o.store, { ...by, act: 'artifact.read', data: { sha256, size: found.size } })
    return found
  }

  async progress(host: string, { task, artifacts, bytes }: { task: string; artifacts: number; bytes: number }) {
    await this.#o.store
      .updateTable('collection_task')
      .set({ artifacts, bytes })
      .where('id', '=', task)
      .where('host', '=', host)
      .where('state', 'in', [...openStates])
      .execute()
    this.#changed()
  }

  /** Resolves when all that came is worked in. */
  async close(): Promise<void> {
    this.#stop()
    await this.#turn
  }
}

/** Opens it, and works in what came while nobody looked. */
export async function openCollect(deps: CollectDeps): Promise<Collect> {
  const collect = new Collect(deps)
  await collect.catchUp()
  return collect
}
