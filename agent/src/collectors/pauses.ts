import type { Clock } from '../host.ts'

/** What comes, and `undefined` whenever nothing came for so long: a stream that is silent can still say that it is alive. */
export async function* withPauses<T>(
  stream: AsyncIterable<T>,
  { clock, ms }: { clock: Pick<Clock, 'sleep'>; ms: number },
): AsyncGenerator<T | undefined> {
  const iterator = stream[Symbol.asyncIterator]()
  try {
    for (let next = iterator.next(); ; ) {
      const came = new AbortController()
      const result = await Promise.race([next, clock.sleep(ms, came.signal).then(() => undefined)])
      came.abort()
      if (result?.done === true) return
      yield result?.value
      if (result !== undefined) next = iterator.next()
    }
  } finally {
    await iterator.return?.()
  }
}
