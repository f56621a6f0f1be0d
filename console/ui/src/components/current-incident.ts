import { useQuery } from '@tanstack/react-query'
import type { IncidentRow } from '@tidewaiter/protocol/api'
import { overviewQuery } from '../api/overview.ts'
import { kept } from '../ui/kept.ts'
import { createStore, useStore } from '../ui/store.ts'

const chosen = createStore(kept.read('incident') ?? '')

export function chooseIncident(id: string): void {
  chosen.set(id)
  kept.write('incident', id)
}

/** The open incidents, and the one this person works in, where what is added goes: the chosen one, else the newest. */
export function useIncidents(): { open: readonly IncidentRow[]; current: IncidentRow | undefined } {
  const id = useStore(chosen)
  const open = (useQuery(overviewQuery).data?.incidents ?? []).filter((incident) => incident.closedAt === null)
  return { open, current: open.find((incident) => incident.id === id) ?? open[0] }
}
