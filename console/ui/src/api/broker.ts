import { queryOptions } from '@tanstack/react-query'
import type { BrokerSettings } from '@tidewaiter/protocol/api'
import { ask } from './client.ts'

export const brokerQuery = queryOptions({
  queryKey: ['broker'],
  queryFn: ({ signal }) => ask<BrokerSettings>('/broker', { signal }),
})

export function setBroker(body: BrokerSettings): Promise<BrokerSettings> {
  return ask('/broker', { method: 'POST', body })
}
