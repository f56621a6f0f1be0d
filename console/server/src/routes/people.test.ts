import type { Me, Person } from '@tidewaiter/protocol/api'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkStrictly } from '../check.ts'
import type { Deps } from '../deps.ts'
import { problemOf } from '../error.ts'
import { checkSignIn } from '../people/people.ts'
import { findSession, startSession } from '../people/sessions.ts'
import { openStore, type Store } from '../store/store.ts'
import { people } from './people.ts'

const nowMs = Date.parse('2026-10-29T12:00:00.000Z')
const analyst = { email: 'An.Analyst@halyard-customs.example', role: 'analyst', password: 'a long sample password' }

let store: Store
let app: FastifyInstance
let me: Me

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  me = { id: 'p1', email: 't.reyes@halyard-customs.example', name: 'T. Reyes', role: 'admin', csrf: '' }
  app = Fastify()
  checkStrictly(app)
  app.setErrorHandler((error, _request, reply) => reply.code(problemOf(error).status).send(problemOf(error)))
  app.decorateRequest('me', null)
  app.addHook('onRequest', async (request) => {
    request.me = me
  })
  // The route reaches for these two only.
  await app.register(people, { store, now: () => nowMs } as Deps)
})

afterEach(async () => {
  await app.close()
  await store.destroy()
})

test('a person who was added stands in the list, without anything of the password', async () => {
  const { id } = await add()

  expect(await list()).toEqual([
    {
      id,
      email: 'an.analyst@halyard-customs.example',
      name: 'An.Analyst@halyard-customs.example',
      role: 'analyst',
      createdAt: '2026-10-29T12:00:00.000Z',
      disabledAt: null,
      lastSeenAt: null,
    },
  ])
})

test('the list says when each person was last seen, over all their sessions', async () => {
  const { id } = await add()
  await startSession(store, id, nowMs + 60_000)
  await startSession(store, id, nowMs)

  expect(await list()).toMatchObject([{ lastSeenAt: '2026-10-29T12:01:00.000Z' }])
})

test('who is disabled is out at once, and stays in the list', async () => {
  const { id } = await add()
  const secret = await startSession(store, id, nowMs)

  const reply = await app.inject({ method: 'POST', url: `/people/${id}/disable` })

  expect(reply.statusCode).toBe(204)
  expect(await findSession(store, secret, nowMs)).toBeUndefined()
  await expect(checkSignIn(store, analyst.email, analyst.password)).rejects.toMatchObject({ code: 'sign-in-wrong' })
  expect(await list()).toMatchObject([{ disabledAt: '2026-10-29T12:00:00.000Z' }])
})

test('a new password ends what is open under the old one, and lets a disabled person in again', async () => {
  const { id } = await add()
  const secret = await startSession(store, id, nowMs)
  await app.inject({ method: 'POST', url: `/people/${id}/disable` })

  const reply = await app.inject({
    method: 'POST',
    url: `/people/${id}/password`,
    payload: { password: 'another sample password' },
  })

  expect(reply.statusCode).toBe(204)
  expect(await findSession(store, secret, nowMs)).toBeUndefined()
  await expect(checkSignIn(store, analyst.email, analyst.password)).rejects.toMatchObject({ code: 'sign-in-wrong' })
  expect(await checkSignIn(store, analyst.email, 'another sample password')).toBe(id)
})

test('nobody can end their own access', async () => {
  const { id } = await add()
  me = { ...me, id }

  const reply = await app.inject({ method: 'POST', url: `/people/${id}/disable` })

  expect(reply.json()).toMatchObject({ status: 403, code: 'not-permitted' })
  expect(await list()).toMatchObject([{ disabledAt: null }])
})

test('each change is in the audit log under the name of the person who made it, and holds no password', async () => {
  const { id } = await add()
  await app.inject({ method: 'POST', url: `/people/${id}/password`, payload: { password: 'another sample password' } })
  await app.inject({ method: 'POST', url: `/people/${id}/disable` })

  const lines = await store.selectFrom('audit').selectAll().orderBy('no').execute()

  expect(lines.map(({ act, who }) => [act, who])).toEqual(
    ['person.add', 'person.password', 'person.disable'].map((act) => [act, me.email]),
  )
  expect(JSON.stringify(lines)).not.toContain('sample password')
})

test.each([
  ['/people', { ...analyst, password: 'too short' }, 400],
  ['/people', { ...analyst, role: 'root' }, 400],
  ['/people', { ...analyst, more: 1 }, 400],
  ['/people/00000000-0000-4000-8000-000000000000/disable', undefined, 404],
  ['/people/00000000-0000-4000-8000-000000000000/password', { password: 'another sample password' }, 404],
  ['/people/00000000-0000-4000-8000-000000000000/password', { password: 'too short' }, 400],
  ['/people/nobody/disable', undefined, 400],
] as const)('POST %s with %j is answered with a problem', async (url, payload, status) => {
  const reply = await app.inject({ method: 'POST', url, ...(payload !== undefined && { payload }) })

  expect(reply.statusCode).toBe(status)
})

async function add(): Promise<{ id: string }> {
  return (await app.inject({ method: 'POST', url: '/people', payload: analyst })).json()
}

async function list(): Promise<Person[]> {
  return (await app.inject('/people')).json<{ rows: Person[] }>().rows
}
