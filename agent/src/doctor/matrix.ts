import type { SourceState } from '@tidewaiter/protocol'
import type { Collector, Resource } from '../collectors/collector.ts'
import { collectors } from '../collectors/index.ts'
import type { Note } from '../status.ts'

/** What one collector gives of a machine, and what a person must know of it. */
export interface MatrixRow {
  resource: Resource
  collector: string
  /** `not-taken`: it is not on this platform, or switched off; `unknown`: no agent runs. */
  state: 'ok' | 'not-enabled' | 'failed' | 'not-taken' | 'unknown'
  sources: { ok: number; of: number }
  /** What to do for the sources that give nothing; each fix once. */
  fixes: string[]
  reads: string
  needs: string
  cannotSee: string
  provenOn: string
}

/**
 * Every collector of this version under the investigative resource that it answers, and how it stands here.
 * @param note what a running agent left; without one nobody knows how it stands
 */
export function matrixOf(
  note: Pick<Note, 'status'> | undefined,
  { platform, all = collectors }: { platform: NodeJS.Platform; all?: readonly Collector[] },
): MatrixRow[] {
  return all.map(({ id, resource, platforms, reads, needs, cannotSee, provenOn }) => {
    const own = (note?.status.sources ?? []).filter((source) => source.id.split(':', 1)[0] === id)
    const isHere = platforms.includes(platform)
    return {
      resource,
      collector: id,
      state: !isHere ? 'not-taken' : note === undefined ? 'unknown' : stateOf(own),
      sources: { ok: own.filter(({ state }) => state === 'ok').length, of: own.length },
      fixes: [...new Set(own.flatMap(({ state, fix }) => (state === 'ok' || fix === undefined ? [] : [fix])))],
      reads,
      needs,
      cannotSee,
      provenOn,
    }
  })
}

/** As its best source: one that gives something is there. */
function stateOf(sources: readonly Pick<SourceState, 'state'>[]): MatrixRow['state'] {
  if (sources.length === 0) return 'not-taken'
  if (sources.some(({ state }) => state === 'ok')) return 'ok'
  return sources.some(({ state }) => state === 'failed') ? 'failed' : 'not-enabled'
}

/** The others of Section 2, which no agent can answer. */
export const otherResources: readonly string[] = [
  'Preliminary Reports (Authorized 3rd Party Observations)',
  'Desktop, laptop, mobile device (if requested)',
]
