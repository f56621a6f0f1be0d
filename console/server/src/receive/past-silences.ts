import type { Absence, CoverageSpan, PastSilence } from '@tidewaiter/protocol/api'
import { leastPauseMs } from '../index/pause.ts'
import type { Store } from '../store/store.ts'

const mostSilences = 100

interface Sealed {
  absences: readonly Absence[]
  /** Coverage of the host. */
  sources: readonly CoverageSpan[]
}

/** Silences of a host that were raised, newest first, each with what the host sealed about that time since. */
export async function pastSilences(store: Store, host: string, sealed: Sealed): Promise<PastSilence[]> {
  const rows = await store
    .selectFrom('silence')
    .selectAll()
    .where('host', '=', host)
    .orderBy('no', 'desc')
    .limit(mostSilences)
    .execute()
  return rows.map(({ cause, expected, began_at, raised_at, ended_at, says }) => {
    const settled = ended_at === null ? undefined : settledBy(sealed, { from: began_at, to: ended_at })
    const times = { from: began_at, raisedAt: raised_at, to: ended_at }
    return { cause, isExpected: expected === 1, says, ...times, ...(settled !== undefined && { settled }) }
  })
}

/** Both ends are known to within a heartbeat, and the clock of the host to within its offset. */
const slackMs = 15_000

/**
 * What the host says it was. One that sealed that it was alive all the time was there, and could not be heard. Undefined
 * until its evidence of that time has come.
 */
export function settledBy({ absences, sources }: Sealed, silence: { from: string; to: string }): string | undefined {
  // What ended before the silence began was another one, however short a time before.
  const meets = ({ from, to }: Absence) => from < silence.to && to > silence.from
  const [fromMs, toMs] = [Date.parse(silence.from) - slackMs, Date.parse(silence.to) + slackMs]
  const found = absences.filter((absence) => absence.kind !== 'clock-step' && meets(absence))
  if (found.length > 0) return found.map(({ says }) => says).join(' ')
  const isAlive = ({ id, state, from, to }: CoverageSpan) =>
    id === 'agent:run' &&
    state === 'covered' &&
    Date.parse(from) <= fromMs + leastPauseMs &&
    Date.parse(to) >= toMs - slackMs
  return sources.some(isAlive) ? alive : undefined
}

const alive = 'The agent ran all the time and sealed its evidence: only the connection was lost.'
