/** Pause before a program that ended is started again; twice as long each time, unless it had run well for so long. */
const pauses = { firstMs: 1_000, longestMs: 60_000 }
const wellMs = 60_000

/** What is asked of a child process. */
export interface Program {
  once(event: 'error', told: (cause: Error) => void): unknown
  once(event: 'exit', told: (code: number | null, signal: string | null) => void): unknown
  kill(signal: 'SIGTERM'): unknown
}

export interface Keeping {
  start(): Program
  /** Told each time it ended without being asked to: how, and when it is started again. */
  ended(how: string, againMs: number): void
  /** Milliseconds that only rise. */
  steady(): number
  /** Resolves after `ms` or as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** A program that is started again whenever it ends. `stop` resolves when it has gone. */
export function keepRunning({ start, ended, steady, sleep }: Keeping): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  let program: Program
  const keep = async () => {
    for (let pauseMs = pauses.firstMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, pauses.longestMs)) {
      const startedAt = steady()
      program = start()
      const how = await end(program)
      if (signal.aborted) return
      if (steady() - startedAt >= wellMs) pauseMs = pauses.firstMs
      ended(how, pauseMs)
      await sleep(pauseMs, signal)
    }
  }
  const done = keep()
  return {
    stop() {
      stopping.abort()
      program.kill('SIGTERM')
      return done
    },
  }
}

/** How it ended, in words. */
function end(program: Program): Promise<string> {
  return new Promise((resolve) => {
    program.once('error', ({ message }) => resolve(message))
    program.once('exit', (code, signal) => resolve(code === null ? `killed by ${signal}` : `exit code ${code}`))
  })
}
