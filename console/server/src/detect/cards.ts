import type { DetectorCard } from '@tidewaiter/protocol/api'
import type { Windows } from '../index/index-port.ts'
import type { Store } from '../store/store.ts'
import { isReadBy } from './detector.ts'
import { detectors } from './index.ts'

/** What every detector says of itself, and of which hosts something it reads ever arrived. On the others it is blind. */
export async function detectorCards(store: Store, windows: Pick<Windows, 'datasetsOf'>): Promise<DetectorCard[]> {
  const hosts = await store.selectFrom('host').select('id').orderBy('no').execute()
  const arrived = await Promise.all(hosts.map(async ({ id }) => ({ id, datasets: await windows.datasetsOf(id) })))
  return detectors.map((detector) => {
    const { id, row, title, falsePositives, nextSteps, knownGap } = detector
    const sees = arrived.filter(({ datasets }) => datasets.some((dataset) => isReadBy(detector, dataset, '')))
    const seen = new Set(sees.map((host) => host.id))
    return {
      id,
      ...(row !== undefined && { row }),
      title,
      falsePositives: [...falsePositives],
      nextSteps: [...nextSteps],
      knownGap,
      sees: [...seen],
      blind: hosts.filter((host) => !seen.has(host.id)).map((host) => host.id),
    }
  })
}
