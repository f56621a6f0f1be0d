import { type Static, Type } from 'typebox'
import { CollectorId, text } from './text.ts'

/** What a collector says of itself: a person must know it to judge what its silence means. */
export const CollectorFacts = Type.Object(
  {
    id: CollectorId,
    /** The investigative resource of CBP Pub. 3526-0124, Section 2, that it answers. */
    resource: text(200),
    /** It runs on the platform of this host. */
    isHere: Type.Boolean(),
    reads: text(4000),
    /** What must be switched on for it to see anything, with the command. */
    needs: text(4000),
    cannotSee: text(4000),
    /** On which systems somebody has seen it work. */
    provenOn: text(4000),
  },
  { additionalProperties: false },
)
export type CollectorFacts = Static<typeof CollectorFacts>

/** Every collector of an agent, as it sealed them when it started. */
export const MatrixFacts = Type.Array(CollectorFacts, { maxItems: 200 })

/** What one collector gives of a host, and what a person must know of it. */
export const MatrixRow = Type.Object({
  resource: Type.String(),
  collector: Type.String(),
  /**
   * `not-taken`: it is not for this platform; `nothing-yet`: its first turn has not come, or it is switched off; `unknown`:
   * nobody says how it stands.
   */
  state: Type.Union([
    Type.Literal('ok'),
    Type.Literal('not-enabled'),
    Type.Literal('failed'),
    Type.Literal('not-taken'),
    Type.Literal('nothing-yet'),
    Type.Literal('unknown'),
  ]),
  sources: Type.Object({ ok: Type.Integer(), of: Type.Integer() }),
  /** What to do for the sources that give nothing; each fix once. */
  fixes: Type.Array(Type.String()),
  reads: Type.String(),
  needs: Type.String(),
  cannotSee: Type.String(),
  provenOn: Type.String(),
})
export type MatrixRow = Static<typeof MatrixRow>

/** How a source of a host stands. */
export interface Stands {
  id: string
  state: 'ok' | 'not-enabled' | 'failed'
  fix?: string | undefined
}

/**
 * Every collector under the investigative resource that it answers, and how it stands on a host.
 * @param sources undefined where nobody knows how they stand
 */
export function matrixOf(facts: readonly CollectorFacts[], sources: readonly Stands[] | undefined): MatrixRow[] {
  return facts.map(({ id, isHere, ...about }) => {
    const own = (sources ?? []).filter((source) => source.id.split(':', 1)[0] === id)
    return {
      ...about,
      collector: id,
      state: !isHere ? 'not-taken' : sources === undefined ? 'unknown' : stateOf(own),
      sources: { ok: own.filter(({ state }) => state === 'ok').length, of: own.length },
      fixes: [...new Set(own.flatMap(({ state, fix }) => (state === 'ok' || fix === undefined ? [] : [fix])))],
    }
  })
}

/** As its best source: one that gives something is there. */
function stateOf(sources: readonly Stands[]): MatrixRow['state'] {
  if (sources.length === 0) return 'nothing-yet'
  if (sources.some(({ state }) => state === 'ok')) return 'ok'
  return sources.some(({ state }) => state === 'failed') ? 'failed' : 'not-enabled'
}

/** The others of Section 2, which no agent can answer. */
export const otherResources: readonly string[] = [
  'Preliminary Reports (Authorized 3rd Party Observations)',
  'Desktop, laptop, mobile device (if requested)',
]
