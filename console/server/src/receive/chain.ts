import { type Batch, placeOf, type SignedHead, type Tip } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Room } from './room.ts'

/** What a batch is that does not simply follow the newest one. */
export type Stray =
  /** It is held already, or is about to be. */
  | { is: 'held'; head: Promise<SignedHead | undefined> }
  /**
   * It fits nowhere in the line that is held, or goes on from one that does not: kept beside it, under this name.
   * `goesOn`: it follows one that is beside the line already, so it is no other fork.
   */
  | { is: 'branch'; branch: string; goesOn: boolean }
  /** Batches before it are missing, and the host has them no more. */
  | { is: 'after-hole' }
  /** Batches before it are missing, and the host still has them. */
  | { is: 'gap' }

export interface ChainOptions {
  ledger: Pick<Ledger, 'tipOf' | 'headerHashOf' | 'find' | 'head'>
  room: Pick<Room, 'append'>
}

/** How the host's own history stands to the one held: what `hello` told. */
export interface Claim {
  /** It is another one. */
  isForked: boolean
  /** Oldest batch the host still has. */
  oldestSeq: number | null
}

/** The chain of one host: what is in the ledger, and what is on its way there. It outlives the connections of its host. */
export class Chain {
  readonly #host: string
  readonly #o: ChainOptions
  readonly #flying = new Map<number, { headerHash: string; head: Promise<SignedHead | undefined> }>()
  #tip: Tip | null
  /** Newest batch of the branch that is being received. */
  #branchTip: Tip | undefined
  #pending = 0
  #idle = Promise.withResolvers<void>()

  constructor(host: string, options: ChainOptions) {
    this.#host = host
    this.#o = options
    this.#tip = options.ledger.tipOf(host)
    this.#idle.resolve()
  }

  /** Newest batch of the line, counting those on their way. */
  get tip(): Tip | null {
    return this.#tip
  }

  /** Where a new connection goes on: known once nothing of the one before is on its way. */
  async settled(): Promise<Tip | null> {
    while (this.#pending > 0) await this.#idle.promise
    return this.#tip
  }

  follows(batch: Batch): boolean {
    const { seq } = batch.header
    return seq > (this.#tip?.seq ?? 0) && placeOf(batch, this.#tip, undefined) === 'next'
  }

  /** True when this batch is in the ledger, in the line or beside it. */
  async holds({ seq, headerHash }: Tip): Promise<boolean> {
    const { ledger } = this.#o
    if ((await ledger.headerHashOf(this.#host, seq)) === headerHash) return true
    return (await ledger.find({ host: this.#host, branch: branchName(headerHash), seq }))?.headerHash === headerHash
  }

  /** Where a batch belongs that does not follow. Throws `chain-fork` when its place is taken by a third one. */
  async judge(batch: Batch, { isForked, oldestSeq }: Claim): Promise<Stray> {
    const { headerHash, header } = batch
    const flying = this.#flying.get(header.seq)
    const held = flying?.headerHash ?? (await this.#o.ledger.headerHashOf(this.#host, header.seq))
    if (held === headerHash) return { is: 'held', head: flying?.head ?? Promise.resolve(this.#o.ledger.head()) }
    const isBeyond = header.seq > (this.#tip?.seq ?? 0) + 1
    const goesOn = await this.#isOnBranch(batch)
    if (!isBeyond || isForked || goesOn) return this.#branchOf(batch, goesOn)
    return { is: header.seq <= (oldestSeq ?? 0) ? 'after-hole' : 'gap' }
  }

  async #isOnBranch({ header: { seq, prev } }: Batch): Promise<boolean> {
    if (prev === null) return false
    if (this.#branchTip?.headerHash === prev) return true
    const before = await this.#o.ledger.find({ host: this.#host, branch: branchName(prev), seq: seq - 1 })
    return before?.headerHash === prev
  }

  async #branchOf({ headerHash, header: { seq } }: Batch, goesOn: boolean): Promise<Stray> {
    const branch = branchName(headerHash)
    const held = await this.#o.ledger.find({ host: this.#host, branch, seq })
    if (held === undefined) return { is: 'branch', branch, goesOn }
    // The name is 32 bits of the hash: two headers of one name can be made on purpose.
    if (held.headerHash !== headerHash)
      throw refuse('chain-fork', `Another branch of batch ${seq} is held under the name ${branch}.`)
    return { is: 'held', head: Promise.resolve(this.#o.ledger.head()) }
  }

  /** Undefined when the connection it came over ended before it was held. */
  append(
    batch: Batch,
    at: { receivedAtMs: number; branch: string | null; owner: object },
  ): Promise<SignedHead | undefined> {
    const { headerHash, header } = batch
    const tip = { seq: header.seq, headerHash }
    const head = this.#keep(batch, at)
    if (at.branch === null) {
      this.#tip = tip
      this.#flying.set(header.seq, { headerHash, head })
      head.then(
        () => this.#flying.delete(header.seq),
        () => this.#flying.delete(header.seq),
      )
    } else this.#branchTip = tip
    return head
  }

  async #keep(
    batch: Batch,
    at: { receivedAtMs: number; branch: string | null; owner: object },
  ): Promise<SignedHead | undefined> {
    if (this.#pending++ === 0) this.#idle = Promise.withResolvers<void>()
    try {
      return (await this.#o.room.append(batch, at))?.head
    } finally {
      // What did not get in takes all behind it along, so that the ledger knows where the line stands.
      if (--this.#pending === 0) {
        this.#tip = this.#o.ledger.tipOf(this.#host)
        this.#idle.resolve()
      }
    }
  }
}

/** Name of a branch: the first 8 hex digits of the header hash (`evidence.md` 5). */
function branchName(headerHash: string): string {
  return headerHash.slice(0, 8)
}

/** True when a host that stands at `own` cannot have made what is held. Where it stands further, it knows itself. */
export function isOther(own: Tip | null, held: Tip | null): boolean {
  if (held === null) return false
  if (own === null || own.seq < held.seq) return true
  return own.seq === held.seq && own.headerHash !== held.headerHash
}
