import type { Decoder, Decoding, Event } from './decoder.ts'

/** What two lines say together, each of them with half of it. */
export interface Pair {
  /** True for an event that is not whole: another may complete it. */
  isHalf(event: Event): boolean
  /** The one event of both; undefined where the second is not what the first waits for. */
  complete(first: Event, second: Event): Event | undefined
  /** True when what completes `first` would have come before `event`. */
  isOver(first: Event, event: Event): boolean
}

/** So many halves wait, none of them longer as JSON than this, so that what is saved of them stays below 64 KiB. */
const mostWaiting = 8
const mostCharacters = 6000

/** A decoder whose halves wait for what completes them; each that waits in vain is an event of its own. */
export function paired(decoder: Decoder, pair: Pair): Decoder {
  return {
    ...decoder,
    start(context, state) {
      // Our own events, as `state` returned them.
      const before = (state ?? {}) as { waiting?: Event[]; inner?: unknown }
      return pairing(decoder.start(context, before.inner), { pair, waiting: before.waiting ?? [] })
    },
  }
}

function pairing(inner: Decoding, { pair, waiting }: { pair: Pair; waiting: Event[] }): Decoding {
  function take(event: Event): Event[] {
    const over: Event[] = []
    for (const first of [...waiting]) {
      const whole = pair.complete(first, event)
      if (whole === undefined && !pair.isOver(first, event)) continue
      waiting.splice(waiting.indexOf(first), 1)
      if (whole !== undefined) return [...over, join(whole, first, event)]
      over.push(first)
    }
    if (!pair.isHalf(event) || JSON.stringify(event).length > mostCharacters) return [...over, event]
    waiting.push(event)
    return waiting.length > mostWaiting ? [...over, ...waiting.splice(0, 1)] : over
  }

  return {
    push: (record) => inner.push(record).flatMap(take),
    end: () => [...[...inner.end()].flatMap(take), ...waiting.splice(0)],
    state() {
      const open = inner.state()
      return waiting.length === 0 && open === undefined ? undefined : { waiting: [...waiting], inner: open }
    },
  }
}

function join(whole: Event, first: Event, second: Event): Event {
  const original = [first, second].map(({ event }) => event.original ?? '').join('\n')
  const records = [first, second].flatMap(({ tidewaiter }) => tidewaiter.records ?? [tidewaiter.record])
  return {
    ...whole,
    event: { ...whole.event, original },
    tidewaiter: { ...whole.tidewaiter, record: first.tidewaiter.record, records },
  }
}
