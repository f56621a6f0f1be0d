import { X509Certificate } from 'node:crypto'
import type { Batch, Tip } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import type { EndedChain } from '../spool/chains.ts'
import type { UplinkOptions } from './uplink.ts'

interface EarlierOptions {
  options: Pick<UplinkOptions, 'spool' | 'budget'>
  /** Hosts of the chains that the console lacks: what else waits, on a disk that could not take that it does not, is none of its. */
  lacked: ReadonlySet<string>
  /** Sends a batch that the owner of this key signed. */
  send(batch: Batch, publicKey: Uint8Array): Promise<void>
}

/** A batch of a chain that has ended, on its way. */
type Sent = Tip & { host: string; chain: number }

/**
 * Batches of chains that have ended, which the console lacks: in their order, and one at a time, since those that are
 * sealed now go before them.
 */
export class Earlier {
  readonly #o: EarlierOptions
  /** Those that are lacked, by number. No other ends while a connection lasts. */
  readonly #chains: ReadonlyMap<number, EndedChain>
  #sent: Sent | undefined
  /** Nothing comes to a chain that has ended. */
  #isDone = false

  constructor(options: EarlierOptions) {
    this.#o = options
    const lacked = options.lacked.size === 0 ? [] : options.options.spool.endedChains()
    this.#chains = new Map(
      lacked.filter(({ host }) => options.lacked.has(host)).map((chain) => [chain.no, chain] as const),
    )
  }

  get isEmpty(): boolean {
    return this.#sent === undefined
  }

  /** False when there is nothing to send, or one is on its way. Throws `spool-broken`. */
  async sendNext(signal: AbortSignal): Promise<boolean> {
    const { spool, budget } = this.#o.options
    if (this.#isDone || this.#sent !== undefined) return false
    const found = spool.peekEarlier()
    this.#isDone = found === undefined
    if (found === undefined) return false
    const chain = this.#chains.get(found.chain)
    if (chain === undefined || chain.certificate === null) return false
    await budget.paceWire(found.bytes, signal)
    // Waiting may have taken long: it may have had to go meanwhile.
    if (signal.aborted || spool.peekEarlier()?.no !== found.no) return !signal.aborted
    const batch = spool.read(found)
    this.#sent = { host: chain.host, chain: chain.no, seq: found.seq, headerHash: batch.headerHash }
    await this.#o.send(batch, keyOf(chain.certificate))
    return true
  }

  /** The console holds it. Returns what is to be marked, when it is what was sent. */
  landed({ host, headerHash }: { host: string; headerHash: string }): Pick<Sent, 'chain' | 'seq'> | undefined {
    const sent = this.#sent
    if (sent?.host !== host || sent.headerHash !== headerHash) return undefined
    this.#sent = undefined
    return { chain: sent.chain, seq: sent.seq }
  }
}

function keyOf(certificate: string): Uint8Array {
  try {
    return new X509Certificate(certificate).publicKey.export({ format: 'der', type: 'spki' })
  } catch (cause) {
    throw refuse('spool-broken', 'The spool is damaged.', { cause })
  }
}
