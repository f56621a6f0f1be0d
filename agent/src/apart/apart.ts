import type { Collector, From, Taken } from '../collectors/collector.ts'
import { refuse } from '../error.ts'
import { frameOf, readFrames } from './frame.ts'

/** A collector that looks so seldom needs nothing while it waits. */
const seldomMs = 60 * 60_000

/** Starts the program of `pass.ts`, tells it what to do, and gives what it answers. It ends when it is no longer read. */
export type StartPass = (asked: Buffer, signal: AbortSignal) => AsyncIterable<Buffer>

/**
 * The same collectors; those that look every few hours do so in a process of their own. Whatever memory a pass takes is
 * given back when it ends, which no garbage collection does in a process that goes on.
 */
export function apart(collectors: readonly Collector[], start: StartPass): Collector[] {
  // One after the other: a start does not take the memory of all of them at once.
  const turn = newTurns()
  return collectors.map((collector) => {
    if (collector.every === undefined || collector.every < seldomMs) return collector
    return { ...collector, turn, collect: (_, signal, from) => passOf(collector, start, { signal, from }) }
  })
}

/** What the pass before left for the next one, as long as the scheduler keeps the run of its collector. */
const left = new WeakMap<From['before'], Buffer>()
const nothing = Buffer.alloc(0)

/** Throws `command-failed`, and what the pass failed with. */
async function* passOf(
  { id }: Collector,
  start: StartPass,
  { signal, from }: { signal: AbortSignal; from: From },
): AsyncGenerator<Taken> {
  const asked = {
    collector: id,
    position: from.position(id),
    isFull: from.takeFull(),
    files: from.files,
    once: from.once,
  }
  const request = Buffer.concat(frameOf(asked, [left.get(from.before) ?? nothing]))
  let isWhole = false
  for await (const said of readFrames(start(request, signal))) {
    if ('failed' in said) throw Object.assign(new Error(said.failed.says), { code: said.failed.code })
    isWhole = 'before' in said
    if ('before' in said) left.set(from.before, said.before)
    else yield said
  }
  if (!isWhole && !signal.aborted) throw refuse('command-failed', `The process that looks at ${id} ended too early.`)
}

/** Resolves when all who came before have gone, or the signal aborts, with how to go. */
function newTurns(): (signal: AbortSignal) => Promise<() => void> {
  let last: Promise<unknown> = Promise.resolve()
  return async (signal) => {
    const before = last
    const own = Promise.withResolvers<void>()
    last = Promise.all([before, own.promise])
    await ended(before, signal)
    return own.resolve
  }
}

function ended(before: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      signal.removeEventListener('abort', end)
      resolve()
    }
    signal.addEventListener('abort', end)
    void before.then(end)
  })
}
