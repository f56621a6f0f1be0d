import { queryOptions } from '@tanstack/react-query'
import type { Overview } from '@tidewaiter/protocol/api'
import { setConsoleTime } from '../ui/now.ts'
import { ask } from './client.ts'

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: async ({ signal }) => {
    const overview = await ask<Overview>('/overview', { signal })
    setConsoleTime(overview.at)
    return overview
  },
})
