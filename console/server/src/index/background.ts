import type { Logger } from 'pino'

/** Work that nobody waits for: what fails is logged, and an end waits for all of it. */
export interface Background {
  run(what: string, work: () => Promise<unknown>): void
  /** The same, one after the other. */
  inTurn(what: string, work: () => Promise<unknown>): Promise<void>
  settled(): Promise<void>
}

export function openBackground(log: Logger): Background {
  const running = new Set<Promise<void>>()
  let last: Promise<void> = Promise.resolve()
  const begin = (what: string, work: Promise<unknown>): Promise<void> => {
    const ending = work.then(
      () => undefined,
      (error: unknown) => log.error({ err: error }, what),
    )
    running.add(ending)
    void ending.then(() => running.delete(ending))
    return ending
  }
  return {
    run: (what, work) => void begin(what, work()),
    inTurn(what, work) {
      last = begin(what, last.then(work))
      return last
    },
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
