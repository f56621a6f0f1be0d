import { isStatus } from './client.ts'
import { meQuery, setupQuery } from './people.ts'
import { queryClient } from './query-client.ts'

export type Visitor = 'signed-in' | 'nobody' | 'sets-up'

/**
 * Who opened the page. Asks the set-up route first, which answers everybody: a visit without a session is no failed
 * request then.
 */
export async function whoIsThere(): Promise<Visitor> {
  if (queryClient.getQueryData(meQuery.queryKey) !== undefined) return 'signed-in'
  const { needed, signedIn } = await queryClient.fetchQuery({ ...setupQuery, staleTime: 0 })
  if (needed) return 'sets-up'
  if (signedIn === false) return 'nobody'
  try {
    await queryClient.fetchQuery(meQuery)
    return 'signed-in'
  } catch (error) {
    if (isStatus(error, 401)) return 'nobody'
    throw error
  }
}

/**
 * Why a part of the screens could not be loaded. Throws that the console does not answer, or the error itself where it
 * does: then it was renewed meanwhile, and the parts have other names.
 */
export async function whyNotLoaded(error: unknown): Promise<never> {
  await queryClient.fetchQuery({ ...setupQuery, staleTime: 0 })
  throw error
}

/** Forgets a session that has ended; false when there was none. */
export function forgetSession(): boolean {
  if (queryClient.getQueryData(meQuery.queryKey) === undefined) return false
  queryClient.clear()
  return true
}
