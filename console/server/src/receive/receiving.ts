import { type Batch, type SignedHead, verifyBatch } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Code } from '../error.ts'
import type { Admitted } from './admit.ts'
import type { Chain } from './chain.ts'

interface ReceivingOptions {
  host: Pick<Admitted, 'publicKey'>
  chain: Chain
  /** Oldest batch the host still has. */
  oldestSeq: number | null
  /** The host's own history is another one than the one held. */
  isForked: boolean
  /** Batch under which that was noted. */
  forkedAt: number | undefined
  /** `welcome` told the host so, or it can tell for itself. */
  isTold: boolean
  acknowledge(batch: Batch, head: SignedHead): void
  note(code: Code, says: string, seq: number): void
  /** Ends the connection with a refusal; with `seq` the host begins a new chain. */
  end(code: Code, says: string, seq?: number): void
  failed(cause: unknown): void
}

/** Batches of one chain that come over one connection, on their way into the ledger: verified, placed in the chain, acknowledged when held. */
export class Receiving {
  readonly #o: ReceivingOptions
  #isForked: boolean
  /** Batch under which the fork is noted that is being received. */
  #forkedAt: number | undefined
  /** `hello` told of a fork of which no batch came yet. */
  #isExpected: boolean
  #isTold: boolean
  #isOver = false

  constructor(options: ReceivingOptions) {
    this.#o = options
    this.#isForked = options.isForked
    this.#forkedAt = options.forkedAt
    this.#isExpected = options.isForked
    this.#isTold = options.isTold
  }

  /** Appends in the order of the calls, many at a time. Returns a promise where what comes behind has to wait. */
  take(batch: Batch, atMs: number, free: () => void): Promise<void> | undefined {
    const { host: own, chain } = this.#o
    verifyBatch(nodePrimitives, batch, own.publicKey)
    if (!chain.follows(batch)) return this.#takeStray(batch, atMs).finally(free)
    // It goes on in the history that is held: if it then does not, `welcome` has not told it.
    this.#isTold = false
    void this.#keep(batch, { receivedAtMs: atMs, branch: null }).finally(free)
    return undefined
  }

  async #takeStray(batch: Batch, receivedAtMs: number): Promise<void> {
    const { chain, oldestSeq, acknowledge, note, end } = this.#o
    const { seq } = batch.header
    const stray = await chain.judge(batch, { isForked: this.#isForked, oldestSeq })
    if (this.#isOver) return
    const next = (chain.tip?.seq ?? 0) + 1
    const missing = next === seq - 1 ? `Batch ${next} is missing` : `Batches ${next} to ${seq - 1} are missing`
    if (stray.is === 'held') {
      const head = await stray.head
      if (head !== undefined) acknowledge(batch, head)
    } else if (stray.is === 'branch') {
      if (!stray.goesOn && !this.#isExpected) this.#forkedAt = seq
      this.#isExpected = false
      note('chain-fork', `Batch ${seq} is another one than is held, or does not follow it.`, this.#forkedAt ?? seq)
      this.#isForked = true
      await this.#keep(batch, { receivedAtMs, branch: stray.branch })
      if (!this.#isTold) end('chain-fork', 'This chain has forked: begin a new one.', seq)
    } else if (stray.is === 'after-hole') {
      note('chain-gap', `${missing}: the host has no more of it.`, seq)
      await this.#keep(batch, { receivedAtMs, branch: null })
    } else {
      note('chain-gap', `${missing}, and the host still has it.`, seq)
      // Without its number: the host is to go on after what is held, not to begin anew.
      end('chain-gap', `${missing}. Go on after batch ${next - 1}.`)
    }
  }

  async #keep(batch: Batch, at: { receivedAtMs: number; branch: string | null }): Promise<void> {
    try {
      const head = await this.#o.chain.append(batch, { ...at, owner: this })
      if (head !== undefined) this.#o.acknowledge(batch, head)
    } catch (cause) {
      this.#o.failed(cause)
    }
  }

  /** Nothing more is appended. */
  stop(): void {
    this.#isOver = true
  }
}
