import { isOfAgent, MatrixFacts, type MatrixRow, matrixOf, type Stands } from '@tidewaiter/protocol'
import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { Value } from 'typebox/value'
import type { Index } from '../index/index-port.ts'

const told = 'event.dataset:agent event.action:collectors'

/**
 * What the agent of a host said last of what it takes, with how its sources stand. Undefined where it said nothing, or
 * nothing of that form.
 */
export async function hostMatrix(
  index: Pick<Index, 'search'>,
  host: string,
  sources: readonly Stands[],
): Promise<MatrixRow[] | undefined> {
  const { rows } = await index.search({ q: told, host, limit: 1 })
  const { tidewaiter } = (rows[0]?.document ?? {}) as { tidewaiter?: { agent?: { collectors?: unknown } } }
  const facts = tidewaiter?.agent?.collectors
  return Value.Check(MatrixFacts, facts) ? matrixOf(facts, sources) : undefined
}

/** How the sources of a host stood when it was last heard of, by its coverage. */
export function standsOf(coverage: readonly CoverageSpan[]): Stands[] {
  const heard = coverage.filter(({ id, state }) => !isOfAgent(id) && state !== 'not-reachable')
  const last = new Map(heard.map((span) => [span.id, span]))
  return Array.from(last.values(), ({ id, state, fix }) => ({ id, state: gave(state) ? 'ok' : 'not-enabled', fix }))
}

function gave(state: CoverageSpan['state']): boolean {
  return state === 'covered' || state === 'lost'
}
