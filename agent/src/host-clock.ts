/** Milliseconds that only rise. Not `performance.now()`: the first use of it makes Node load all that measures. */
export function steady(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}

/** Lets others work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** An abort ends the sleep early, which is no failure here: that of Node makes an error of it, with its stack. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}

export function timer(ms: number, act: () => void): () => void {
  const timeout = setTimeout(act, ms)
  return () => clearTimeout(timeout)
}
