import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { ImportRequest, ImportResult, IndicatorPage, SightingPage, Sweep } from '@tidewaiter/protocol/api'
import { ask, part, queryOf } from './client.ts'
import { everyPage } from './pages.ts'

export const indicatorsQuery = infiniteQueryOptions({
  queryKey: ['indicators'],
  queryFn: ({ signal, pageParam }) =>
    ask<IndicatorPage>(`/indicators${queryOf({ limit: 200, after: pageParam })}`, { signal }),
  initialPageParam: '',
  getNextPageParam: (last) => last.next,
})

export const sightingsQuery = (indicator?: string) =>
  queryOptions({
    queryKey: ['sightings', indicator ?? ''],
    queryFn: ({ signal }) => everyPage<SightingPage>('/sightings', { indicator }, signal),
  })

export function importIndicators(body: ImportRequest): Promise<ImportResult> {
  return ask('/indicators/import', { method: 'POST', body })
}

export function expireIndicator(id: string): Promise<void> {
  return ask(`/indicators/${part(id)}/expire`, { method: 'POST' })
}

/** Searches stored history for the named indicators, or for all that are in force. */
export function sweep(indicators?: readonly string[]): Promise<Sweep> {
  return ask('/sweeps', { method: 'POST', body: indicators === undefined ? {} : { indicators } })
}
