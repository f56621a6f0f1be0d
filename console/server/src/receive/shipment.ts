import { type ConsoleMessage, type Offer, parseChunk } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import type { Hall } from './hall.ts'

interface ShipmentOptions {
  host: string
  hall: Pick<Hall, 'collect'>
  say(message: ConsoleMessage): void
}

/** The artifact that comes over one connection: one at a time, as it was offered last. */
export class Shipment {
  readonly #o: ShipmentOptions
  #offer: Offer | undefined

  constructor(options: ShipmentOptions) {
    this.#o = options
  }

  async offered(offer: Offer): Promise<void> {
    this.#offer = undefined
    const said = await this.#o.hall.collect?.arrivals.offered(this.#o.host, offer)
    if (said?.type === 'chunks') this.#offer = offer
    if (said !== undefined) this.#o.say(said)
  }

  /** One that was not offered was on its way when its artifact was refused. Throws `chunk-malformed`, `artifact-not-asked`. */
  async chunk(frame: Uint8Array): Promise<void> {
    const chunk = parseChunk(frame)
    const offer = this.#offer
    if (this.#o.hall.collect === undefined) throw refuse('artifact-not-asked', 'Nothing is asked of hosts here.')
    if (offer?.sha256 !== chunk.sha256) return
    const said = await this.#o.hall.collect.arrivals.chunk(this.#o.host, offer, chunk)
    for (const message of said) this.#o.say(message)
    if (said.some(({ type }) => type !== 'chunks')) this.#offer = undefined
  }
}
