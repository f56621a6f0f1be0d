import { queryOptions } from '@tanstack/react-query'
import type { Decision, DetectorCard, Finding, FindingPage } from '@tidewaiter/protocol/api'
import { ask, part } from './client.ts'
import { everyPage } from './pages.ts'

export const findingsQuery = (query: { host?: string } = {}) =>
  queryOptions({
    queryKey: ['findings', query],
    queryFn: ({ signal }) => everyPage<FindingPage>('/findings', query, signal),
  })

export const findingQuery = (id: string) =>
  queryOptions({
    queryKey: ['finding', id],
    queryFn: ({ signal }) => ask<Finding>(`/findings/${part(id)}`, { signal }),
  })

export const detectorsQuery = queryOptions({
  queryKey: ['detectors'],
  queryFn: ({ signal }) => ask<{ rows: DetectorCard[] }>('/detectors', { signal }),
  staleTime: 60_000,
})

export function decide(id: string, body: Decision): Promise<Finding> {
  return ask(`/findings/${part(id)}/decision`, { method: 'POST', body })
}
