import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** Says on which batch a writer works, so that the batch is known when the writer dies of it. */
export interface AtWork {
  on(position: number): void
  rest(): void
  close(): void
}

/** Nothing needs to be on disk: what a dead process wrote is still there, and a dead machine starts clean. */
export function openAtWork(file: string): AtWork {
  const fd = openSync(file, 'w')
  const note = Buffer.alloc(8)
  const write = (position: number) => {
    note.writeDoubleBE(position)
    writeSync(fd, note, 0, 8, 0)
  }
  write(-1)
  return { on: write, rest: () => write(-1), close: () => closeSync(fd) }
}

/** Position of the batch a writer works on, or died on; undefined when it is none. */
export function readAtWork(file: string): number | undefined {
  try {
    const note = readFileSync(file)
    const position = note.length === 8 ? note.readDoubleBE() : -1
    return position < 0 ? undefined : position
  } catch {
    return undefined
  }
}
