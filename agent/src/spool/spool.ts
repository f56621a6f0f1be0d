import type { DatabaseSync } from 'node:sqlite'
import {
  type Batch,
  check,
  type EarlierStands,
  type Loss,
  mostEarlier,
  type SignedHead,
  type Tip,
} from '@tidewaiter/protocol'
import type { Static, TSchema } from 'typebox'
import { Batches, type Peeked, type Usage } from './batches.ts'
import { type Chain, type ChainOf, Chains, type EndedChain } from './chains.ts'
import { giveBack, guarded, isWritten, restartLog, transaction, unusedBytes } from './database.ts'
import { LateWrites, writeState } from './late-writes.ts'
import { causes, Losses, type Lost } from './losses.ts'
import { type Beside, type SealedSource, Sources } from './sources.ts'

/** What one batch changes beside the chain and the positions, which stand in its header. */
export interface Changes {
  /** Owed losses that the header states: they are owed no longer. */
  settled?: readonly Loss[]
  /** Values to be recalled from then on. */
  remember?: Readonly<Record<string, unknown>>
  /** Of the sources in the header. */
  beside?: Partial<Beside>
}

/** What a spool may hold now. */
export interface Allowed {
  bytes: number
  /** Its volume allows less than its budget. */
  byVolume: boolean
}

/** However little its volume can spare, the newest batches have a place: evidence comes before room that nobody uses. */
const leastBytes = 16_000_000

/** Streams wait when this share of the budget is unacknowledged; the rest is for what cannot wait. */
const streamShare = 0.9

/**
 * The agent's durable queue of batches. One transaction, synced to disk, holds a batch, the positions of its sources
 * and the head of the chain, so that no crash can part them. Acknowledged batches stay as long as the budget allows.
 * Every method may throw `spool-broken`; `beginChain` also `spool-full` (nothing changed; it may work later).
 */
export class Spool {
  readonly #db: DatabaseSync
  readonly #batches: Batches
  readonly #chains: Chains
  readonly #late: LateWrites
  readonly #losses: Losses
  readonly #sources: Sources
  readonly #spareBytes: () => number
  #budgetBytes: number
  #usage: Usage

  /** @param spareBytes what the volume can still spare */
  constructor(db: DatabaseSync, budgetBytes: number, spareBytes = () => Number.POSITIVE_INFINITY) {
    this.#db = db
    this.#spareBytes = spareBytes
    this.#budgetBytes = budgetBytes
    this.#batches = new Batches(db)
    this.#chains = new Chains(db)
    this.#late = new LateWrites(db, this.#batches)
    this.#losses = new Losses(db)
    this.#sources = guarded(() => new Sources(db))
    this.#usage = guarded(() => this.#batches.measure())
  }

  /** Undefined before the first `beginChain`. */
  chain(): Chain | undefined {
    return guarded(() => this.#chains.current())
  }

  /**
   * Batches from now on are of this host; those of the chain before stay, and wait where no console took them. Nothing
   * changes when it is this host's already.
   */
  beginChain(of: ChainOf): void {
    if (this.chain()?.host === of.host) return
    this.#writeLate()
    guarded(() => this.#chains.begin(of))
  }

  /** Chains that have ended, of which batches are here and a console can tell whose they are: the newest first. */
  endedChains(): EndedChain[] {
    return guarded(() => this.#chains.ended().filter(({ certificate }) => certificate !== null)).slice(0, mostEarlier)
  }

  /**
   * What a console says of the chains that have ended; undefined from one that knows nothing of them. What it lacks waits
   * to be sent again, and what waits of one that nobody will take is owed as a loss. On a full disk nothing changes, and
   * the next connection tries again.
   */
  settleEarlier(said: readonly EarlierStands[] | undefined): void {
    const stands = new Map(said?.map((each) => [each.host, each]))
    const offered = new Set(said === undefined ? [] : this.endedChains().map(({ no }) => no))
    this.#writeLate()
    isWritten(() => {
      this.#usage = transaction(this.#db, () => {
        for (const chain of this.#chains.ended()) this.#settle(chain, stands.get(chain.host), offered.has(chain.no))
        return this.#batches.measure()
      })
    })
  }

  /** One that was offered and not answered could not be judged: it is left as it is. */
  #settle(chain: EndedChain, stands: EarlierStands | undefined, isOffered: boolean): void {
    const { no, tip } = chain
    if (stands === undefined && isOffered) return
    if (stands?.is === 'lacked') {
      const held = this.#judge(stands.after, chain) === 'foreign' ? 0 : (stands.after?.seq ?? 0)
      this.#batches.mark({ chain: no, seq: held, upTo: true })
      this.#batches.unmark(no, held)
    } else if (this.#batches.isWaiting(no)) {
      if (stands?.is !== 'held') this.#giveUp(no)
      this.#batches.mark({ chain: no, seq: tip.seq, upTo: true })
    }
  }

  #giveUp(chain: number): void {
    let batch = this.#batches.next(chain, 0, true)
    for (; batch !== undefined; batch = this.#batches.next(chain, batch.header.seq, true))
      this.#losses.owe(batch.header, causes.chainEnded)
  }

  /** The oldest batch that waits of a chain that has ended; not read. */
  peekEarlier(): Peeked | undefined {
    return guarded(() => {
      const oldest = this.#batches.peekOldestUnacked()
      return oldest?.chain === this.#chains.current()?.no ? undefined : oldest
    })
  }

  /** A batch that was found, checked against its own hashes. Throws `spool-broken`. */
  read({ no }: Pick<Peeked, 'no'>): Batch {
    return guarded(() => this.#batches.read(no))
  }

  /**
   * Makes a sealed batch durable: only then may it be sent. Repeating it with the newest batch changes nothing, so that
   * a commit whose outcome is not known can be tried again.
   * @returns false when the disk did not take it; nothing has changed then
   * @throws `spool-broken`
   */
  commit(batch: Batch, changes: Changes = {}): boolean {
    this.#writeLate()
    return this.#tryCommit(batch, changes) || (restartLog(this.#db) && this.#tryCommit(batch, changes))
  }

  #tryCommit(batch: Batch, changes: Changes): boolean {
    const { header, headerHash } = batch
    return isWritten(() => {
      const chain = this.chain()
      if (chain?.tip?.headerHash === headerHash) {
        this.#usage = this.#batches.measure()
        this.#sources.readAgain()
        return
      }
      if (chain?.host !== header.host || header.seq !== (chain.tip?.seq ?? 0) + 1)
        throw new Error(`batch ${header.seq} of ${header.host} does not follow the chain in the spool`)
      this.#usage = transaction(this.#db, () => this.#append(chain.no, batch, changes))
      this.#sources.moved(header, besideOf(changes))
    })
  }

  #append(chain: number, batch: Batch, { settled = [], remember = {}, ...changes }: Changes): Usage {
    const { header, headerHash, bytes } = batch
    this.#losses.state(header.lost, settled)
    const usage = this.#makeRoom(bytes.length)
    this.#batches.insert(chain, batch)
    this.#chains.grow(chain, { seq: header.seq, headerHash })
    this.#sources.move(header, besideOf(changes))
    for (const [name, value] of Object.entries(remember)) writeState(this.#db, name, value)
    return {
      batches: usage.batches + 1,
      bytes: usage.bytes + bytes.length,
      unacked: usage.unacked + 1,
      unackedBytes: usage.unackedBytes + bytes.length,
    }
  }

  /**
   * Makes room for so many bytes, before they take any of the volume. Oldest acknowledged batches go first. Where others
   * must go, what is lost with them is counted and owed to the next header.
   */
  #makeRoom(bytes: number): Usage {
    const allowed = this.allowed()
    let usage = this.#usage
    while (usage.bytes + bytes > allowed.bytes) {
      const oldest = this.#batches.oldestBefore(Number.MAX_SAFE_INTEGER)
      if (oldest === undefined) break
      if (!oldest.acked)
        this.#losses.owe(this.#batches.read(oldest.no).header, allowed.byVolume ? causes.volumeFull : causes.overBudget)
      usage = this.#batches.remove(oldest, usage)
    }
    return usage
  }

  /** Losses that no header has stated yet; at most `limit`. */
  owed(limit: number): Loss[] {
    return guarded(() => this.#losses.owed(limit))
  }

  /** What was lost since this spool was made. */
  lost(): Lost {
    return guarded(() => this.#losses.total())
  }

  sourceOf(id: string): SealedSource | undefined {
    return this.#sources.get(id)
  }

  sources(): SealedSource[] {
    return this.#sources.all()
  }

  /** The first batch after `seq` of this chain, checked against its own hashes. Throws `spool-broken`. */
  next(seq: number, { unackedOnly = false } = {}): Batch | undefined {
    return guarded(() => this.#batches.next(this.#chainNo(), seq, unackedOnly))
  }

  /** Size of the batch that `next` would read: raw, and as sent. */
  sizeOfNext(seq: number, { unackedOnly = false } = {}): { rawBytes: number; bytes: number } | undefined {
    return guarded(() => this.#batches.peek(this.#chainNo(), seq, unackedOnly))
  }

  /** Header hash of a batch of this chain, if it is still here. */
  hashOf(seq: number): string | undefined {
    return guarded(() => this.#batches.hashOf(this.#chainNo(), seq))
  }

  oldestSeq(): number | null {
    return guarded(() => this.#batches.oldestSeq(this.#chainNo()))
  }

  /** Newest batch up to which a console has acknowledged a chain; 0 where it has none. */
  ackedSeq(chain = this.#chainNo()): number {
    return guarded(() => this.#batches.ackedSeq(chain))
  }

  /**
   * How the newest batch a console says it holds stands to this chain: `known`, `gone` (older than what is kept, so it
   * cannot be judged) or `foreign`: this spool did not make it.
   */
  judge(held: Tip | null): 'known' | 'gone' | 'foreign' {
    return this.#judge(held, { no: this.#chainNo(), tip: this.chain()?.tip ?? null })
  }

  #judge(held: Tip | null, { no, tip }: Pick<Chain, 'no' | 'tip'>): 'known' | 'gone' | 'foreign' {
    if (held === null) return 'known'
    if (held.seq < 1 || held.seq > (tip?.seq ?? 0)) return 'foreign'
    const own = () => this.#batches.hashOf(no, held.seq) ?? this.#batches.prevOf(no, held.seq + 1)
    const hash = held.seq === tip?.seq ? tip.headerHash : guarded(own)
    if (hash === undefined) return 'gone'
    return hash === held.headerHash ? 'known' : 'foreign'
  }

  /** Marks what a console holds: one batch, or all up to one, of the chain that is sealed now or of an earlier one. Only to be called for a hash that was compared. */
  markHeld(
    { seq, upTo = false, chain = this.#chainNo() }: { seq: number; upTo?: boolean; chain?: number },
    head?: SignedHead,
  ): void {
    this.#late.mark({ chain, seq, upTo })
    if (head !== undefined) this.#late.remember('witness', head)
    this.#writeLate()
  }

  /**
   * A console lacks what it once acknowledged (it was restored): what follows `seq` waits again, so that nothing of it
   * goes without being counted. On a full disk nothing changes, and the next connection tries again.
   */
  takeBack({ seq }: { seq: number }): void {
    this.#writeLate()
    const chain = this.#chainNo()
    isWritten(() => {
      this.#usage = transaction(this.#db, () => {
        this.#batches.unmark(chain, seq)
        return this.#batches.measure()
      })
    })
  }

  /** A value kept under this name, if it is of this shape. */
  recall<T extends TSchema>(name: string, shape: T): Static<T> | undefined {
    const value = guarded(() => this.#late.recall(name))
    return check(shape, value) ? value : undefined
  }

  remember(name: string, value: unknown): void {
    this.#late.remember(name, value)
    this.#writeLate()
  }

  #writeLate(): void {
    const marked = this.#late.write()
    this.#usage.unacked -= marked.batches
    this.#usage.unackedBytes -= marked.bytes
  }

  usage(): Usage {
    return { ...this.#usage }
  }

  /** True while streams may go on: what the console has not taken leaves room in the budget for so many bytes more. */
  hasRoom(bytes = 0): boolean {
    const { unackedBytes } = this.#usage
    // However small the budget is, one batch at a time goes through.
    return unackedBytes === 0 || unackedBytes + bytes < this.allowed().bytes * streamShare
  }

  /** What it may hold now: its budget, or less where the volume cannot spare so much. */
  allowed(): Allowed {
    const room = this.#usage.bytes + this.unusedBytes() + Math.max(0, this.#spareBytes())
    const bytes = Math.max(room, leastBytes)
    return { bytes: Math.min(this.#budgetBytes, bytes), byVolume: bytes < this.#budgetBytes }
  }

  /** Bytes of its file that the next batches take before the volume has to give more. */
  unusedBytes(): number {
    return guarded(() => unusedBytes(this.#db))
  }

  /** Holds from the next commit on. */
  setBudget(bytes: number): void {
    this.#budgetBytes = bytes
  }

  /** What is not waiting for a console may take so many bytes: the oldest beyond it are removed. Their room is used again, or given back where the volume has none to spare. */
  trimHistory(bytes: number): void {
    const { bytes: held, unackedBytes } = this.#usage
    if (held - unackedBytes > bytes) this.#trim(bytes)
    if (this.#spareBytes() < 0) giveBack(this.#db)
  }

  #trim(bytes: number): void {
    let usage = this.#usage
    const isDone = isWritten(() =>
      transaction(this.#db, () => {
        const newest = this.#batches.newest()
        while (usage.bytes - usage.unackedBytes > bytes) {
          const oldest = this.#batches.oldestBefore(newest)
          if (oldest?.acked !== true) break
          usage = this.#batches.remove(oldest, usage)
        }
      }),
    )
    if (isDone) this.#usage = usage
  }

  #chainNo(): number {
    const chain = this.chain()
    if (chain === undefined) throw new Error('the spool has no chain yet')
    return chain.no
  }

  close(): void {
    this.#db.close()
  }
}

function besideOf({ beside }: Changes): Beside {
  return { predecessors: beside?.predecessors ?? new Map(), backfills: beside?.backfills ?? new Map() }
}
