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

/** Without a reason, an error with its stack is made each time. */
const answers = 'answered'

/** The hand-over, `pass-too-long` after the limit, or an end when the signal aborts. */
async function within<T>(
  step: Promise<IteratorResult<T>>,
  { host, limitMs, signal }: { host: Host; limitMs: number; signal: AbortSignal },
): Promise<IteratorResult<T, undefined>> {
  const answered = new AbortController()
  const stop = () => answered.abort(answers)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([
      step,
      host.sleep(limitMs, answered.signal).then((): IteratorResult<T, undefined> => {
        if (signal.aborted) return { done: true, value: undefined }
        throw refuse('pass-too-long', `Nothing came for ${limitMs / 1000} s; the pass was given up.`)
      }),
    ])
  } finally {
    signal.removeEventListener('abort', stop)
    answered.abort(answers)
  }
}
