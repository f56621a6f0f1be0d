import type { Host } from './host.ts'

/** What starting and catching up left behind goes with the first rounds, a minute apart; then little comes. */
const firstMs = 60_000
const firstRounds = 3
const laterMs = 5 * 60_000
/** The first round takes all there is, and every so many one again. */
const thorough = 4

/**
 * Gives memory back from time to time, until the signal aborts. By itself V8 would look for it every ten seconds, which
 * costs more than all the collecting (`packaging/runtime.ts` switches that off), and it never lets go of the code of
 * functions as thoroughly. Does nothing where Node was started without the means, as from source.
 */
export async function keepTidy(host: Pick<Host, 'sleep'>, signal: AbortSignal): Promise<void> {
  const { gc } = globalThis
  if (gc === undefined) return
  for (let round = 0; !signal.aborted; round++) {
    await host.sleep(round < firstRounds ? firstMs : laterMs, signal)
    const flavor = round % thorough === 0 ? 'last-resort' : 'regular'
    if (!signal.aborted) await gc({ type: 'major', execution: 'sync', flavor })
  }
}
