import { queryOptions } from '@tanstack/react-query'
import type { Irregularity, RefusedAt } from '@tidewaiter/protocol/api'
import { ask, queryOf } from './client.ts'

/** What was refused that no known host or person stands behind, newest first. */
export const refusalsQuery = (at: RefusedAt) =>
  queryOptions({
    queryKey: ['refusals', at],
    queryFn: ({ signal }) => ask<{ rows: Irregularity[] }>(`/refusals${queryOf({ at })}`, { signal }),
  })
