import type { CollectorFacts } from '@tidewaiter/protocol'
import type { Collector } from './collector.ts'

/** What the collectors of this version say of themselves, to somebody on this platform. */
export function factsOf(collectors: readonly Collector[], platform: NodeJS.Platform): CollectorFacts[] {
  return collectors.map(({ id, resource, platforms, reads, needs, cannotSee, provenOn }) => ({
    ...{ id, resource, isHere: platforms.includes(platform) },
    ...{ reads, needs, cannotSee, provenOn },
  }))
}
