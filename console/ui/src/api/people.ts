import { queryOptions } from '@tanstack/react-query'
import type { Me, NewPerson, Person, Role, Setup, SetupDone, SetupState, SignIn } from '@tidewaiter/protocol/api'
import { ask, part, setCsrf } from './client.ts'
import { queryClient } from './query-client.ts'

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => ask<SetupState>('/setup', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => admit(await ask<Me>('/me', { signal })),
  staleTime: 60_000,
})

function admit(me: Me): Me {
  setCsrf(me.csrf)
  return me
}

function remember(me: Me): Me {
  queryClient.setQueryData(meQuery.queryKey, admit(me))
  return me
}

export async function setUp(setup: Setup): Promise<SetupDone> {
  const done = await ask<SetupDone>('/setup', { method: 'POST', body: setup })
  queryClient.removeQueries({ queryKey: ['setup'] })
  remember(done.me)
  return done
}

export async function signIn(body: SignIn): Promise<Me> {
  return remember(await ask<Me>('/session', { method: 'POST', body }))
}

export async function signOut(): Promise<void> {
  await ask<void>('/session', { method: 'DELETE' })
  setCsrf('')
  queryClient.clear()
}

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => ask<{ rows: Person[] }>('/people', { signal }),
})

export function addPerson(body: NewPerson): Promise<{ id: string; email: string; role: Role }> {
  return ask('/people', { method: 'POST', body })
}

/** Ends what the person has open, and lets a disabled one in again. */
export function setPassword(id: string, password: string): Promise<void> {
  return ask(`/people/${part(id)}/password`, { method: 'POST', body: { password } })
}

export function disablePerson(id: string): Promise<void> {
  return ask(`/people/${part(id)}/disable`, { method: 'POST' })
}
