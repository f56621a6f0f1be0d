import type { Logger } from 'pino'
import { isAgentRefusal } from './error.ts'
import type { Clock } from './host.ts'

/** So long after a disk was found full it is tried again. */
const againMs = 5_000

interface Waiting {
  host: Pick<Clock, 'sleep'>
  log: Logger
  signal: AbortSignal
}

/**
 * Does what needs room on the disk, again and again until there is some: an agent that ends when the disk is full is
 * not there when it no longer is. Undefined when the signal aborted before.
 */
export async function onceThereIsRoom<T>(act: () => T, { host, log, signal }: Waiting): Promise<T | undefined> {
  for (let isSaid = false; !signal.aborted; isSaid = true) {
    try {
      const done = act()
      if (isSaid) log.info('there is room again')
      return done
    } catch (cause) {
      if (!isAgentRefusal(cause) || cause.code !== 'spool-full') throw cause
      if (!isSaid) log.warn({ code: cause.code, says: cause.says }, 'no room: waiting for it')
      await host.sleep(againMs, signal)
    }
  }
  return undefined
}
