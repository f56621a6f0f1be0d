import { queryOptions } from '@tanstack/react-query'
import type {
  Attempt,
  CreatedToken,
  HostDetail,
  HostMatrix,
  HostPage,
  NewToken,
  TokenPage,
} from '@tidewaiter/protocol/api'
import { ask, part } from './client.ts'
import { everyPage } from './pages.ts'

export const hostsQuery = queryOptions({
  queryKey: ['hosts'],
  queryFn: ({ signal }) => everyPage<HostPage>('/hosts', {}, signal),
})

export const hostQuery = (id: string) =>
  queryOptions({
    queryKey: ['host', id],
    queryFn: ({ signal }) => ask<HostDetail>(`/hosts/${part(id)}`, { signal }),
  })

/** Also what is held of the time before it was first looked at, which changes seldom. */
export const hostPastQuery = (id: string) =>
  queryOptions({
    queryKey: ['host-past', id],
    queryFn: ({ signal }) => ask<HostDetail>(`/hosts/${part(id)}?from=1970-01-01T00:00:00Z`, { signal }),
    staleTime: 10 * 60_000,
  })

/** What its agent takes and cannot see: it says so when it starts. */
export const hostMatrixQuery = (id: string) =>
  queryOptions({
    queryKey: ['host-matrix', id],
    queryFn: ({ signal }) => ask<HostMatrix>(`/hosts/${part(id)}/matrix`, { signal }),
    staleTime: 60_000,
  })

export function revokeHost(id: string): Promise<void> {
  return ask(`/hosts/${part(id)}/revoke`, { method: 'POST' })
}

/** Lets a host whose certificate is past its end renew it, for a day. */
export function approveRenewal(id: string): Promise<void> {
  return ask(`/hosts/${part(id)}/renewal`, { method: 'POST' })
}

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => ask<TokenPage>('/tokens', { signal }),
})

export const attemptsQuery = queryOptions({
  queryKey: ['attempts'],
  queryFn: ({ signal }) => ask<{ rows: Attempt[] }>('/attempts', { signal }),
})

export function createToken(body: NewToken): Promise<CreatedToken> {
  return ask('/tokens', { method: 'POST', body })
}

export function revokeToken(id: string): Promise<void> {
  return ask(`/tokens/${part(id)}`, { method: 'DELETE' })
}
