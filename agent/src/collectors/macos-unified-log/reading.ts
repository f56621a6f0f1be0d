import type { Chunk, Position } from '@tidewaiter/protocol'
import { toChunk } from '../../chunk.ts'
import { compare, cursorOf, type Place, placeOf } from './place.ts'

/** Entries that are remembered, to know them again when they come once more. */
const mostRecent = 10_000
/** So long after it went live none comes once more. */
const overlapMicros = 60e6

export interface Reading {
  /** `log show` prints once more what was there last, with what came late. */
  again(): void
  /** From now on entries come live: those of the last `log show` may come once more. */
  goLive(): void
  /** The chunk of those entries that are new. */
  take(lines: readonly Buffer[], readAt: string): Chunk[]
  /** Where it stands. */
  place(): Place | undefined
  /** True, once, when the entry that was read last is no more. */
  isGone(hasEnded: boolean): boolean
}

/**
 * Tells entries that are new from those that were handed over. The clock cannot: of one entry `log stream` and `log show`
 * give times that differ by milliseconds (seen by others on macOS 12); ticks and thread are the same.
 * @param known the one that was handed over last, before this agent began
 */
export function newReading(known: Place | undefined, bootId: string): Reading {
  let last = known
  /** The one to go on behind, until it was passed. */
  let before = known
  let [wasSeen, wasTold] = [known === undefined, false]
  let ofTick = 0
  let phase: 'past' | 'overlap' | 'live' = 'past'
  let liveSince = 0
  const recent = new Set<string>()

  /** Passes what was handed over, entry by entry; several may share a tick. */
  const isBehind = (place: Place): boolean => {
    if (before === undefined) return true
    const order = compare(place, before)
    if (order === 0) wasSeen = true
    if (order < 0 || (order === 0 && ++ofTick <= before.count)) return false
    before = undefined
    return true
  }
  const remember = (key: string): void => {
    recent.add(key)
    const [oldest] = recent
    if (recent.size > mostRecent && oldest !== undefined) recent.delete(oldest)
  }
  const isNew = (place: Place, line: Buffer): boolean => {
    if (phase === 'live') {
      if (place.micros > liveSince + overlapMicros) recent.clear()
      return recent.size === 0 || !recent.delete(keyOf(place, line))
    }
    const key = keyOf(place, line)
    const isKnown = recent.has(key)
    remember(key)
    return phase === 'overlap' ? !isKnown : isBehind(place)
  }
  const move = (place: Place): void => {
    const order = last === undefined ? 1 : compare(place, last)
    if (order > 0) last = place
    else if (order === 0 && last !== undefined) last = { ...last, count: last.count + 1 }
  }
  const take = (line: Buffer): boolean => {
    const place = placeOf(line, bootId)
    if (place === undefined) return !isFrame(line)
    if (!isNew(place, line)) return false
    move(place)
    return true
  }
  return {
    again() {
      phase = 'overlap'
    },
    goLive() {
      phase = 'live'
      liveSince = last?.micros ?? 0
    },
    take(lines, readAt) {
      let start: Position | undefined
      const records = lines.filter((line) => {
        const isTaken = take(line)
        if (isTaken) start ??= last && cursorOf(last)
        return isTaken
      })
      const head = { source, start: start ?? { cursor: '' }, readAt, method: 'log --style ndjson' } as const
      return records.length === 0 ? [] : [toChunk({ ...head, unit: 'row', lf: true }, records)]
    },
    place: () => last,
    isGone(hasEnded) {
      if (wasSeen || wasTold || (before !== undefined && !hasEnded)) return false
      wasTold = true
      return true
    },
  }
}

/** A thread writes one entry a tick. What is live may be without the start of the machine. */
function keyOf({ mach }: Place, line: Buffer): string {
  const [, thread = ''] = /[{,]\s*"threadID"\s*:\s*(\d{1,20})/.exec(line.toString('latin1')) ?? []
  return `${mach} ${thread}`
}

export const source = 'macos-unified-log'

/** What `log` prints around its entries: what it filters by, how many there were, nothing. */
function isFrame(line: Buffer): boolean {
  const text = line.toString('latin1', 0, 200)
  return (
    text.trim() === '' || text.startsWith('Filtering the log data') || /^\{"count":\d+,"finished":[01]\}/.test(text)
  )
}
