import { queryOptions } from '@tanstack/react-query'
import type {
  BuildPackage,
  Fact,
  IncidentDetail,
  IncidentItem,
  IncidentRow,
  NewItem,
  PackageRow,
  SealedList,
  SetFact,
} from '@tidewaiter/protocol/api'
import { ask, part } from './client.ts'

export const incidentsQuery = queryOptions({
  queryKey: ['incidents'],
  queryFn: ({ signal }) => ask<{ rows: IncidentRow[] }>('/incidents', { signal }),
})

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => ask<IncidentDetail>(`/incidents/${part(id)}`, { signal }),
  })

export function openIncident(name: string): Promise<IncidentRow> {
  return ask('/incidents', { method: 'POST', body: { name } })
}

export function setFact(incident: string, body: SetFact): Promise<Fact> {
  return ask(`/incidents/${part(incident)}/facts`, { method: 'POST', body })
}

/** The compromised importer numbers as an age file under the passphrase. */
export function sealNumbers(incident: string, passphrase: string): Promise<SealedList> {
  return ask(`/incidents/${part(incident)}/importer-numbers`, { method: 'POST', body: { passphrase } })
}

export function addItem(incident: string, body: NewItem): Promise<IncidentItem> {
  return ask(`/incidents/${part(incident)}/items`, { method: 'POST', body })
}

export function removeItem(incident: string, item: string): Promise<void> {
  return ask(`/incidents/${part(incident)}/items/${part(item)}`, { method: 'DELETE' })
}

export function buildPackage(incident: string, body: BuildPackage): Promise<PackageRow> {
  return ask(`/incidents/${part(incident)}/packages`, { method: 'POST', body })
}

export const packageQuery = (id: string) =>
  queryOptions({
    queryKey: ['package', id],
    queryFn: ({ signal }) => ask<PackageRow>(`/packages/${part(id)}`, { signal }),
  })

export function cancelPackage(id: string): Promise<PackageRow> {
  return ask(`/packages/${part(id)}/cancel`, { method: 'POST' })
}
