import type { ConsoleMessage, Offer } from '@tidewaiter/protocol'
import { isRefusal } from '../error.ts'
import type { Artifacts } from '../ledger/artifacts.ts'
import type { Store } from '../store/store.ts'

/** What a console says of an artifact. */
export type ArtifactMessage = Extract<ConsoleMessage, { type: 'chunks' | 'held' | 'unwanted' }>

/** Artifacts on their way from hosts that were asked for them. */
export interface Arrivals {
  /** What is said to an offer; undefined where there is no room now: it is made again. */
  offered(host: string, offer: Offer): Promise<ArtifactMessage | undefined>
  /** What is said to a chunk of an artifact that this host has offered. */
  chunk(host: string, offer: Offer, chunk: { number: number; bytes: Uint8Array }): Promise<readonly ArtifactMessage[]>
}

interface ArrivalsOptions {
  store: Store
  artifacts: Artifacts
  /** Called once an artifact is durable, before its host may let it go. */
  held(host: string, sha256: string): Promise<void>
}

/** What one task may bring: a host that says more than it was asked for does not fill the disk. */
const most = { bytes: 4 * 1024 ** 3, artifacts: 10_000 }

export function openArrivals({ store, artifacts, held }: ArrivalsOptions): Arrivals {
  const stand = async (host: string, { sha256 }: Offer, { isHeld, next }: { isHeld: boolean; next: number }) => {
    if (isHeld) await held(host, sha256)
    return isHeld ? ({ type: 'held', sha256 } as const) : ({ type: 'chunks', sha256, next } as const)
  }
  return {
    async offered(host, offer) {
      const why = await whyNot(store, host, offer)
      if (why !== undefined) return { type: 'unwanted', sha256: offer.sha256, code: 'artifact-not-asked', says: why }
      try {
        return await stand(host, offer, await artifacts.begin(offer))
      } catch (cause) {
        return sayOf(cause, offer)
      }
    },
    async chunk(host, offer, chunk) {
      try {
        const stands = await artifacts.append(offer, chunk)
        return [
          { type: 'chunks', sha256: offer.sha256, next: stands.next },
          ...(stands.isHeld ? [await stand(host, offer, stands)] : []),
        ]
      } catch (cause) {
        const said = sayOf(cause, offer)
        return said === undefined ? [] : [said]
      }
    },
  }
}

/** Why an artifact is not taken; undefined where it is. */
async function whyNot(store: Store, host: string, { task, sha256, size }: Offer): Promise<string | undefined> {
  const asked = await store.selectFrom('collection_task').select('host').where('id', '=', task).executeTakeFirst()
  if (asked?.host !== host) return `no task ${task} was given to this host`
  const { bytes, count } = await store
    .selectFrom('artifact')
    .select((each) => [each.fn.sum<number | null>('size').as('bytes'), each.fn.countAll<number>().as('count')])
    .where('task', '=', task)
    .where('sha256', '!=', sha256)
    .executeTakeFirstOrThrow()
  const isOver = Number(bytes ?? 0) + size > most.bytes || Number(count) >= most.artifacts
  return isOver ? `a task may bring ${most.bytes} bytes and ${most.artifacts} artifacts` : undefined
}

function sayOf(cause: unknown, { sha256 }: Offer): ArtifactMessage | undefined {
  if (!isRefusal(cause)) throw cause
  if (cause.code === 'disk-full') return undefined
  return { type: 'unwanted', sha256, code: cause.code, says: cause.says.slice(0, 1000) }
}
