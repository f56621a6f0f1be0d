import type { Host } from '../host.ts'
import { sections } from './inventory-sections.ts'

/**
 * Asks `systeminformation`, which starts programs and waits for some of them on its thread: to be called in a process of
 * its own (`apart/`). It never rejects: what it does not find out is empty.
 */
export async function* inventory(signal: AbortSignal): ReturnType<Host['inventory']> {
  const { default: si } = await import('systeminformation')
  for (const section of sections) {
    if (signal.aborted) return
    yield { method: `systeminformation.${section}`, section, value: await si[section]() }
  }
}
