import { historyOf, type Position, SourceId } from '@tidewaiter/protocol'
import { Value } from 'typebox/value'
import type { From, History, Once, Standing, Taken } from '../collectors/collector.ts'
import { saysOf } from '../error.ts'
import type { Host, Watch } from '../host.ts'
import { Follower } from './follower.ts'
import { HistoryReader } from './history-reader.ts'
import { newReadingRoom, type ReadingRoom } from './reading-room.ts'
import type { Shape } from './shape.ts'
import { quietMs } from './successor.ts'

/** So often everything is looked at, whatever was heard: changes on network volumes make no sound. */
const pollMs = 10_000
/** After a change is heard, so long others may follow it: one read for all of them. */
const gatherMs = 100

/** So often what waits for its turn asks for it. */
const turnMs = 200

/** Of files that are no longer named, so many are kept until they were read to their end. */
const mostUnnamed = 100

/** A file and the id of the source it is. */
export interface Wanted {
  source: string
  path: string
}

export interface Follow {
  host: Host
  shape: Shape
  /**
   * The files there are to follow; asked from time to time. One that is no longer named is followed until it was read to
   * its end and nothing came for a minute, and one whose path cannot stand in a source id (`evidence.md` 2: a line break,
   * or over 1024 characters) is not.
   */
  wanted(): Promise<readonly Wanted[]>
  position(source: string): Position | undefined
  predecessor?: From['predecessor'] | undefined
  seenAtMs?: From['seenAtMs'] | undefined
  history?: History | undefined
  /** Ends when all that is there was read, instead of following it. */
  once?: Once | undefined
  /** Called once a round. */
  also?(): AsyncIterable<Taken>
}

/**
 * Follows files until the signal aborts. In a backlog every file has its turn after every piece. What was there before
 * has its turn when nothing new is left, a piece of one file at a time.
 */
export async function* follow(options: Follow, signal: AbortSignal): AsyncGenerator<Taken> {
  const { host, also, once } = options
  const watch = once === undefined ? host.watch(signal) : unwatched
  const room = newReadingRoom()
  const followers = newFollowers(options, { watch, room })
  let listedAtMs = Number.NEGATIVE_INFINITY
  const pause = newPause(options, { watch, signal })
  try {
    while (!signal.aborted) {
      if (host.steady() - listedAtMs >= pollMs) {
        yield* followers.list()
        listedAtMs = host.steady()
      }
      const next = yield* followers.look(signal)
      if (also !== undefined) yield* also()
      const last = next === 'more' || signal.aborted ? next : later(next, yield* followers.lookBack())
      if (last === 'nothing') room.letGo()
      if (await pause(last)) return
    }
  } finally {
    await followers.close()
  }
}

/** Waits between two rounds for what can come. True when nothing is waited for any more. */
function newPause(
  { host, once }: Follow,
  { watch, signal }: { watch: Watch; signal: AbortSignal },
): (left: Left) => Promise<boolean> {
  let idleRounds = 0
  return async (left) => {
    idleRounds = left === 'more' ? 0 : idleRounds + 1
    if (left === 'more') return false
    // The first idle round finds a last line that nothing ends; the second hands it over.
    if (once !== undefined) return idleRounds > 1
    await watch.wait(left === 'turn' ? turnMs : pollMs)
    await host.sleep(gatherMs, signal)
    return false
  }
}

/** Nobody waits for the end of a last line where nobody comes back. */
function shapeOf({ shape, once }: Follow): Shape {
  return once !== undefined && shape.lf ? { ...shape, openAfterMs: 0 } : shape
}

/** For who does not come back. */
const unwatched: Watch = { set() {}, touch() {}, wait: async () => {} }

/** What is left: more to be read now, something that waits for its turn, or nothing. */
type Left = 'more' | 'turn' | 'nothing'

function later(a: Left, b: Left): Left {
  return a === 'more' || b === 'more' ? 'more' : a === 'turn' || b === 'turn' ? 'turn' : 'nothing'
}

function newFollowers(options: Follow, { watch, room }: { watch: Watch; room: ReadingRoom }) {
  const { host, wanted, position, predecessor, seenAtMs, history, once } = options
  const shape = shapeOf(options)
  const followers = new Map<string, { path: string; follower: Follower }>()
  const readers = new Map<string, HistoryReader>()
  const mayGoOn = () => history?.mayGoOn() ?? true
  const placesOf = (id: string) => ({
    position: position(id),
    predecessor: predecessor?.(id),
    seenAtMs: seenAtMs?.(id),
  })
  let named: ReadonlySet<string> = new Set()
  /** The quietest first: what is read to its end and comes to be named again goes on where it stood. */
  async function* leave(): AsyncGenerator<Taken> {
    const all = Array.from(followers, ([source, { follower }]) => ({ source, follower, restMs: follower.restMs ?? -1 }))
    const unnamed = all.filter(({ source }) => !named.has(source)).sort((a, b) => b.restMs - a.restMs)
    for (const [at, { source, follower, restMs }] of unnamed.entries()) {
      if (restMs < quietMs && unnamed.length - at <= mostUnnamed) break
      followers.delete(source)
      await follower.close().catch(() => {})
      if (restMs < 0) yield { source, lost: { count: null, cause: unread } }
      yield { source, state: 'gone' }
    }
    for (const [source, reader] of readers) if (!followers.has(source) && reader.isDone) readers.delete(source)
  }
  return {
    async *list(): AsyncGenerator<Taken, void> {
      const all = (await wanted()).filter(({ source }) => Value.Check(SourceId, source))
      named = new Set(all.map(({ source }) => source))
      yield* leave()
      for (const { source, path } of all) {
        if (followers.has(source)) continue
        const reading = { host, source, shape, room }
        const places = { path, reading, ...placesOf(source), newestBytes: once?.newestBytes }
        const follower = new Follower({ ...places, history, changed: watch.touch })
        followers.set(source, { path, follower })
        const past = historyOf(source)
        if (history !== undefined && !readers.has(source) && Value.Check(SourceId, past))
          readers.set(source, new HistoryReader({ path, reading: { ...reading, source: past }, history }))
      }
      watch.set(Array.from(followers.values(), ({ path }) => path))
    },
    async *look(signal: AbortSignal): AsyncGenerator<Taken, Left> {
      let left: Left = 'nothing'
      for (const [source, { follower }] of followers) {
        if (signal.aborted) return 'nothing'
        try {
          if (follower.isBackfilling && !mayGoOn()) {
            yield* follower.wait()
            left = later(left, 'turn')
          } else if (yield* follower.look()) left = 'more'
        } catch (cause) {
          // One file on a failing disk must not keep the others from being read. The next listing begins it again.
          followers.delete(source)
          await follower.close().catch(() => {})
          yield* failedFor(source, cause, named.has(source))
        }
      }
      return left
    },
    /** A piece of the first history that has one now; the others say that they are there. */
    async *lookBack(): AsyncGenerator<Taken, Left> {
      let left: Left = 'nothing'
      for (const [source, reader] of readers) {
        try {
          const isTurn = left !== 'more' && mayGoOn()
          left = later(left, isTurn && (yield* reader.look()) ? 'more' : (yield* reader.wait()) ? 'turn' : 'nothing')
        } catch (cause) {
          await reader.close().catch(() => {})
          yield failed(historyOf(source), cause)
        }
      }
      return left
    },
    async close(): Promise<void> {
      for (const { follower } of followers.values()) await follower.close()
      for (const reader of readers.values()) await reader.close()
    },
  }
}

const unread = 'more files than can be kept open were no longer to be followed, and this one was not read to its end'

/** One that is not named any more is never begun again. */
function* failedFor(source: string, cause: unknown, isNamed: boolean): Generator<Taken> {
  yield failed(source, cause)
  if (isNamed) return
  yield { source, lost: { count: null, cause: 'the file could not be read, and was no longer to be followed' } }
  yield { source, state: 'gone' }
}

function failed(source: string, cause: unknown): Standing {
  return { source, state: 'failed', why: saysOf(cause), fix: 'Look at the volume of the file and its messages.' }
}
