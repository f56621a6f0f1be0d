import type { Collector, From, Taken } from '../collectors/collector.ts'
import { refuse } from '../error.ts'
import { readFrames } from './frame.ts'

/** A collector that looks so seldom needs nothing while it waits. */
const seldomMs = 60 * 60_000

/** Starts the program of `pass-child.ts`, tells it what to do, and gives what it answers. It ends when it is no longer read. */
export type StartPass = (asked: Buffer, signal: AbortSignal) => AsyncIterable<Buffer>

/**
 * The same collectors; those that look every few hours do so in a process of their own. Whatever memory a pass takes is
 * given back when it ends, which no garbage collection does in a process that goes on.
 */
export function apart(collectors: readonly Collector[], start: StartPass): Collector[] {
  // One after the other: a start does not take the memory of all of them at once. Those that walk over the disk for
  // minutes wait for each other alone.
  const [quick, slow] = [newLane(), newLane()]
  return collectors.map((collector) => {
    if (collector.every === undefined || collector.every < seldomMs) return collector
    const lane = collector.mayTakeMs === undefined ? quick : slow
    return { ...collector, collect: (_, signal, from) => lane(signal, passOf(collector, start, { signal, from })) }
  })
}

/** What the pass before left for the next one, as long as the scheduler keeps the run of its collector. */
const left = new WeakMap<From['before'], Buffer>()
const nothing = Buffer.from('[]')

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
  const before = left.get(from.before) ?? nothing
  const request = Buffer.concat([Buffer.from(`${JSON.stringify(asked)}\n`), before, Buffer.from('\n')])
  let isWhole = false
  for await (const said of readFrames(start(request, signal))) {
    if ('failed' in said) throw Object.assign(new Error(said.failed.says), { code: said.failed.code })
    isWhole = 'before' in said
    if ('before' in said) left.set(from.before, said.before)
    else yield said
  }
  if (!isWhole && !signal.aborted) throw refuse('command-failed', `The process that looks at ${id} ended too early.`)
}

/** Lets one pass begin when the one before has ended. */
function newLane() {
  let last: Promise<void> = Promise.resolve()
  return async function* (signal: AbortSignal, pass: AsyncGenerator<Taken>): AsyncGenerator<Taken> {
    const before = last
    const own = Promise.withResolvers<void>()
    last = own.promise
    try {
      await ended(before, signal)
      if (!signal.aborted) yield* pass
    } finally {
      void before.then(own.resolve)
    }
  }
}

function ended(before: Promise<void>, signal: AbortSignal): Promise<void> {
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
