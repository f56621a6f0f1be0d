import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError, isStatus } from './client.ts'

/** What the app does when the session has ended; set by main, which knows the routes. */
let onSignedOut: () => void = () => undefined

export function whenSignedOut(act: () => void): void {
  onSignedOut = act
}

function watch(error: Error): void {
  if (isStatus(error, 401)) onSignedOut()
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: {
      // A refusal is an answer: asking again changes nothing. Without a network the live socket's return asks again.
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.problem.status >= 500,
      retryDelay: 500,
      staleTime: 5_000,
      networkMode: 'always',
    },
    // Never twice: a decision or an import is made once, by a person.
    mutations: { retry: false, networkMode: 'always' },
  },
})
