import type { Clock, IncidentRow } from '@tidewaiter/protocol/api'
import { links } from '../../links.ts'

/** An open incident with the clock that counts for it now. */
export type Clocked = IncidentRow & { clock: Clock }

/** Clocks that run come first, the one that ends first before all; then those that wait; last those that are done. */
export function byUrgency(incidents: readonly IncidentRow[], current = ''): Clocked[] {
  const rank = ({ clock }: Clocked) => (clock.stoppedAt !== null ? 2 : clock.dueAt === null ? 1 : 0)
  const due = ({ clock }: Clocked) => (clock.dueAt === null ? 0 : Date.parse(clock.dueAt))
  const chosen = ({ id }: Clocked) => (id === current ? 0 : 1)
  return incidents
    .flatMap((incident) => (incident.clock === null ? [] : [{ ...incident, clock: incident.clock }]))
    .sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? due(a) - due(b) : 0) || chosen(a) - chosen(b))
}

/**
 * The incident whose clock heads the page: on its own pages that of an incident, elsewhere the most urgent. `other` is
 * the most urgent one that runs besides it: no page hides a deadline.
 */
export function headingClock(
  open: readonly IncidentRow[],
  { path, current }: { path: string; current: string | undefined },
): { shown: Clocked; other: Clocked | undefined } | undefined {
  const ordered = byUrgency(open, current)
  const shown = ordered.find(({ id }) => `${path}/`.startsWith(`${links.incident(id)}/`)) ?? ordered[0]
  if (shown === undefined) return undefined
  const runs = ({ clock }: Clocked) => clock.dueAt !== null && clock.stoppedAt === null
  return { shown, other: ordered.find((incident) => incident !== shown && runs(incident)) }
}
