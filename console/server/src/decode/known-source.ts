import type { Event } from './decoder.ts'
import type { Written } from './written.ts'

/** Of a process that serves one connection: its host and number, and its line's time. */
export interface Speaker {
  key: string
  /** Seconds on the clock of the log; undefined where the line has none, and then nothing follows from it. */
  second: number | undefined
}

/** What a process said of the other end of its connection, and in which record. */
interface Known {
  source: object
  record: string
  second: number
}

/**
 * As many connections wait at once, and a key with its record is no longer than this: together below 12 KiB, as what a
 * pair of lines waits for is saved beside it.
 */
const mostKnown = 32
const mostCharacters = 200
/** sshd gives a client two minutes to sign in, administrators up to ten: later the number may be of another process. */
const mostSeconds = 600

const basis = 'an earlier line of the same process'

/**
 * Other ends of connections by the process that serves each. What it says of a failure without an address is completed
 * by its own earlier line, and names both records.
 */
export class KnownSources {
  readonly #known: Map<string, Known>

  /** @param state as `state` returned it */
  constructor(state: unknown) {
    // Our own entries.
    this.#known = new Map((state ?? []) as [string, Known][])
  }

  add(event: Event, speaker: Speaker): void {
    if (event.source !== undefined) this.#learn(event, speaker)
    else if (event.event.outcome === 'failure') this.#complete(event, speaker)
  }

  state(): unknown {
    return this.#known.size === 0 ? undefined : [...this.#known]
  }

  #learn({ event, source, tidewaiter: { record } }: Event, { key, second }: Speaker): void {
    this.#known.delete(key)
    // Who is signed in fails no more; who is turned away is told so by the process that listens.
    const isOver = event.outcome === 'success' || event.type?.some((type) => type === 'end' || type === 'denied')
    const { ip, port } = source as { ip?: string; port?: number }
    if (isOver === true || second === undefined || ip === undefined) return
    if (key.length + record.length > mostCharacters) return
    const kept = { address: ip, ip, ...(port !== undefined && { port }) }
    this.#known.set(key, { source: kept, record, second })
    const oldest = this.#known.keys().next().value
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest)
  }

  #complete(event: Event, { key, second }: Speaker): void {
    const known = this.#known.get(key)
    if (known === undefined || second === undefined) return
    if (second < known.second || second > known.second + mostSeconds) {
      this.#known.delete(key)
      return
    }
    const { record } = event.tidewaiter
    event.source = known.source
    event.tidewaiter.source_basis = basis
    event.tidewaiter.records = [known.record, record]
    event.tidewaiter.record = known.record
  }
}

/** Seconds since a beginning that is the same for all lines without a year; offsets are taken off. */
export function secondOf({ year = 2000, month, day, hour, minute, second, offset = 0 }: Written): number {
  return Date.UTC(year, month - 1, day, hour, minute - offset, second) / 1000
}
