import { type Position, SourceId } from '@tidewaiter/protocol'
import { Value } from 'typebox/value'
import type { From, Taken } from '../collectors/collector.ts'
import { saysOf } from '../error.ts'
import type { Host, Watch } from '../host.ts'
import { Follower } from './follower.ts'
import type { Shape } from './shape.ts'
import { bufferBytes } from './trail.ts'

/** So often everything is looked at, whatever was heard: changes on network volumes make no sound. */
const pollMs = 10_000
/** After a change is heard, so long others may follow it: one read for all of them. */
const gatherMs = 100

/** A file and the id of the source it is. */
export interface Wanted {
  source: string
  path: string
}

export interface Follow {
  host: Host
  shape: Shape
  /**
   * The files there are to follow; asked from time to time. One that is no longer named is followed while it is there,
   * and one whose path cannot stand in a source id (`evidence.md` 2: a line break, or over 1024 characters) is not.
   */
  wanted(): Promise<readonly Wanted[]>
  position(source: string): Position | undefined
  predecessor?: From['predecessor']
  /** Called once a round. */
  also?(): AsyncIterable<Taken>
}

/** Follows files until the signal aborts. In a backlog every file has its turn after every piece. */
export async function* follow(options: Follow, signal: AbortSignal): AsyncGenerator<Taken> {
  const { host, also } = options
  const watch = host.watch(signal)
  const followers = newFollowers(options, watch)
  let listedAtMs = Number.NEGATIVE_INFINITY
  try {
    while (!signal.aborted) {
      if (host.steady() - listedAtMs >= pollMs) {
        await followers.list()
        listedAtMs = host.steady()
      }
      const hasMore = yield* followers.look(signal)
      if (also !== undefined) yield* also()
      if (hasMore) continue
      await watch.wait(pollMs)
      await host.sleep(gatherMs, signal)
    }
  } finally {
    await followers.close()
  }
}

function newFollowers({ host, shape, wanted, position, predecessor }: Follow, watch: Watch) {
  const buffer = Buffer.allocUnsafeSlow(bufferBytes)
  const followers = new Map<string, { path: string; follower: Follower }>()
  return {
    async list(): Promise<void> {
      const all = (await wanted()).filter(({ source }) => Value.Check(SourceId, source))
      const sources = new Set(all.map(({ source }) => source))
      for (const [source, { follower }] of followers)
        if (!sources.has(source) && !follower.isOpen) followers.delete(source)
      for (const { source, path } of all) {
        if (followers.has(source)) continue
        const reading = { host, source, shape, buffer }
        const places = { position: position(source), predecessor: predecessor?.(source) }
        const follower = new Follower({ path, reading, ...places, changed: watch.touch })
        followers.set(source, { path, follower })
      }
      watch.set(Array.from(followers.values(), ({ path }) => path))
    },
    /** True when one of them has more. */
    async *look(signal: AbortSignal): AsyncGenerator<Taken, boolean> {
      let hasMore = false
      for (const [source, { follower }] of followers) {
        if (signal.aborted) return false
        try {
          if (yield* follower.look()) hasMore = true
        } catch (cause) {
          // One file on a failing disk must not keep the others from being read. The next listing begins it again.
          followers.delete(source)
          await follower.close().catch(() => {})
          yield { source, state: 'failed', why: saysOf(cause), fix: 'Look at the volume of the file and its messages.' }
        }
      }
      return hasMore
    },
    async close(): Promise<void> {
      for (const { follower } of followers.values()) await follower.close()
    },
  }
}
