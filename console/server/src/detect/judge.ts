import type { Deps } from '../deps.ts'
import type { DirtyWindow } from '../index/index-port.ts'
import type { Detector } from './detector.ts'
import { countedOf } from './episodes.ts'
import { publish } from './publish.ts'
import { recordIdsIn } from './record-ids.ts'
import { newTallies, writeTallies } from './tallies.ts'

export interface JudgeDeps extends Pick<Deps, 'store' | 'now'> {
  windows: Deps['index']['windows']
  ledger: Pick<Deps['ledger'], 'entry'>
  detectors: readonly Detector[]
}

/** A transaction holds the store alone: one with so many subjects is short. */
const subjectsAtOnce = 50

/** Judges one window. True when a finding is other than before. What was done when it fails is done again, and the same. */
export function openJudge({
  store,
  now,
  windows,
  ledger,
  detectors,
}: JudgeDeps): (window: DirtyWindow) => Promise<boolean> {
  const recordIds = recordIdsIn(ledger)
  const nameOf = async (host: string) => {
    const row = await store.selectFrom('host').select('name').where('id', '=', host).executeTakeFirst()
    return row?.name ?? host
  }
  return async (window) => {
    const detector = detectors.find(({ id }) => id === window.detector)
    let changed = false
    if (detector !== undefined) {
      const measured = await windows.measure(window, detector.measure)
      const fresh = await newTallies(store, window, countedOf(measured, window))
      const hostName = fresh.length === 0 ? '' : await nameOf(window.host)
      const options = { detector, hostName, recordIds, at: new Date(now()).toISOString() }
      for (let at = 0; at < fresh.length; at += subjectsAtOnce) {
        const tallies = fresh.slice(at, at + subjectsAtOnce)
        await store.transaction().execute(async (tx) => {
          await writeTallies(tx, window, { tallies, nowMs: now() })
          for (const { subject } of tallies) if (await publish(tx, { window, subject }, options)) changed = true
        })
      }
    }
    await windows.judged(window)
    return changed
  }
}
