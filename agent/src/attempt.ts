import type { Collector, From, Taken } from './collectors/collector.ts'
import { isAgentRefusal, refuse } from './error.ts'
import type { Host } from './host.ts'

/** How a pass of a collector went. */
export interface Outcome {
  /** What was thrown, when it failed. */
  failure?: { cause: unknown }
  /** Resolves when the collector has really let go: one that hangs must not be started beside itself. */
  ended: Promise<void>
}

interface Attempt {
  host: Host
  from: From
  /** Longest wait for the next hand-over; a stream may stay silent. */
  limitMs: number
  deliver(taken: Taken): Promise<void>
}

/**
 * One pass of a collector, or a stream until it ends. Here, and nowhere else, its failures are caught.
 * @throws `spool-broken`: no failure of the collector
 */
export async function attempt(
  collector: Collector,
  { host, from, limitMs, deliver }: Attempt,
  signal: AbortSignal,
): Promise<Outcome> {
  const stop = new AbortController()
  const passSignal = AbortSignal.any([signal, stop.signal])
  const taken = collector.collect(host, passSignal, from)[Symbol.asyncIterator]()
  let step: Promise<IteratorResult<Taken>> | undefined
  try {
    for (;;) {
      step = taken.next()
      const { done, value } = await within(step, { host, limitMs, signal })
      if (done === true || signal.aborted) return { ended: letGo(taken, step, stop) }
      await deliver(value)
      // Asked for more it would take for taken what nobody took.
      if (signal.aborted) return { ended: letGo(taken, step, stop) }
    }
  } catch (cause) {
    const ended = letGo(taken, step, stop)
    if (isAgentRefusal(cause) && cause.code === 'spool-broken') throw cause
    return { failure: { cause }, ended }
  }
}

async function letGo(
  taken: AsyncIterator<Taken>,
  step: Promise<unknown> | undefined,
  stop: AbortController,
): Promise<void> {
  stop.abort()
  await Promise.allSettled([step])
  await Promise.allSettled([taken.return?.()])
}

/** The hand-over, `pass-too-long` after the limit, or an end when the signal aborts. */
function within<T>(
  step: Promise<IteratorResult<T>>,
  { host, limitMs, signal }: { host: Host; limitMs: number; signal: AbortSignal },
): Promise<IteratorResult<T, undefined>> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve(ended)
    const stop = () => {
      settle()
      resolve(ended)
    }
    const cancel = host.timer(limitMs, () => {
      settle()
      reject(refuse('pass-too-long', `Nothing came for ${limitMs / 1000} s; the pass was given up.`))
    })
    const settle = () => {
      cancel()
      signal.removeEventListener('abort', stop)
    }
    signal.addEventListener('abort', stop)
    step.finally(settle).then(resolve, reject)
  })
}

const ended = { done: true, value: undefined } as const
