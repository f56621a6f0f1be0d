import { closeSync, mkdirSync, openSync, write, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Where the log of a program goes. */
export interface LogLines {
  /** Takes one line with its end. Never throws, and never waits for the disk. */
  write(line: string): void
  /** Writes what still waits, as far as it can be written, and lets the file go. */
  close(): Promise<void>
}

/** Bytes of lines that wait while none can be written. */
const mostWaiting = 1024 * 1024
const mostAtOnce = 64 * 1024
const againMs = 500

const writeSome = promisify(write)

/**
 * Writes log lines to a file, made with its folder when it is not there, or to an open descriptor. On a disk that is
 * full or failing, and with a reader that is slow or gone, the lines wait and the program does not; what is too much is
 * lost, and counted in a line of its own. (pino's own destinations raise an error there that ends the process, and
 * hold its end up until the last line is written: https://github.com/pinojs/sonic-boom, `flushSync`.)
 */
export function logLinesTo(target: number | string): LogLines {
  const waiting = newWaiting()
  let descriptor = typeof target === 'number' ? target : undefined
  let inHand: Buffer = Buffer.alloc(0)
  let inFlight: Promise<{ bytesWritten: number }> | undefined
  let isGoing = false
  let isClosed = false

  const go = async () => {
    isGoing = true
    while (!isClosed) {
      if (inHand.length === 0) inHand = waiting.take(mostAtOnce)
      if (inHand.length === 0) break
      try {
        descriptor ??= opened(target)
        inFlight = writeSome(descriptor, inHand)
        inHand = inHand.subarray((await inFlight).bytesWritten)
      } catch {
        inFlight = undefined
        await wait(againMs, undefined, { ref: false })
      }
      inFlight = undefined
    }
    isGoing = false
  }
  /** The last try: whoever calls has no time to wait. */
  const flush = () => {
    const rest = Buffer.concat([inFlight === undefined ? inHand : Buffer.alloc(0), waiting.take(mostWaiting)])
    try {
      descriptor ??= opened(target)
      for (let at = 0; at < rest.length; ) at += writeSync(descriptor, rest, at)
    } catch {
      // There is nowhere left to say it.
    }
  }
  process.once('exit', flush)
  return {
    write(line) {
      if (isClosed) return
      waiting.put(line)
      if (!isGoing) void go()
    },
    async close() {
      if (isClosed) return
      isClosed = true
      process.off('exit', flush)
      await inFlight?.catch(() => undefined)
      flush()
      if (typeof target === 'string' && descriptor !== undefined) closeSync(descriptor)
    },
  }
}

/** Lines up to `mostWaiting` bytes; those beyond are counted, and a line says so where they would have stood. */
function newWaiting() {
  let lines: string[] = []
  let bytes = 0
  let lost = 0
  const add = (line: string) => {
    lines.push(line)
    bytes += Buffer.byteLength(line)
  }
  const tellLost = () => {
    if (lost > 0) add(`${JSON.stringify({ level: 40, time: Date.now(), lost, msg: 'lines of this log were lost' })}\n`)
    lost = 0
  }
  return {
    put(line: string) {
      if (bytes + Buffer.byteLength(line) > mostWaiting) {
        lost += 1
        return
      }
      tellLost()
      add(line)
    },
    /** About so many bytes of them, oldest first; empty when none waits. */
    take(about: number): Buffer {
      if (lines.length === 0) tellLost()
      let [count, size] = [0, 0]
      for (; size < about && count < lines.length; count++) size += lines[count]?.length ?? 0
      const taken = Buffer.from(lines.slice(0, count).join(''))
      lines = lines.slice(count)
      bytes -= taken.length
      return taken
    },
  }
}

function opened(target: number | string): number {
  if (typeof target === 'number') return target
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  return openSync(target, 'a', 0o600)
}
