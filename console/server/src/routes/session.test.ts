import type { Irregularity } from '@tidewaiter/protocol/api'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openLive } from '../live.ts'
import { addPerson, disablePerson } from '../people/people.ts'
import { refusalsAt } from '../receive/refusals.ts'
import { openStore, type Store } from '../store/store.ts'
import { openTestRoute } from './route.fixture.ts'
import { session } from './session.ts'

const act = { who: 't.reyes@halyard-customs.example', at: '2026-10-29T12:00:00.000Z' }
const person = { email: 'an@halyard-customs.example', role: 'analyst', password: 'a long sample password' } as const

let store: Store
let app: FastifyInstance
let id: string

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  const log = pino({ level: 'silent' })
  app = await openTestRoute(session, { store, live: openLive(), log, now: () => Date.parse(act.at) })
  id = await addPerson(store, person, act)
  onTestFinished(() => store.destroy())
})

test('sign-ins that fail are kept for each person and address, and counted', async () => {
  await signIn({ from: '192.0.2.1', password: 'guess 1' })
  await signIn({ from: '192.0.2.1', password: 'guess 2' })
  await signIn({ from: '192.0.2.2', password: 'guess 3' })
  await disablePerson(store, id, act)
  await signIn({ from: '192.0.2.3' })

  expect(await failed()).toEqual([
    [expect.stringMatching(/an@halyard-customs\.example with a wrong password\. \(1 more/), '192.0.2.1'],
    ['A sign-in as an@halyard-customs.example with a wrong password.', '192.0.2.2'],
    ['A sign-in as an@halyard-customs.example with access that was ended.', '192.0.2.3'],
  ])
})

test('what is typed where an e-mail belongs is not written down when nobody has it', async () => {
  await signIn({ email: 'a long sample password', from: '192.0.2.1' })
  await signIn({ email: 'another', from: '192.0.2.1' })

  const rows = await failed()

  expect(rows).toHaveLength(1)
  expect(JSON.stringify(rows)).not.toMatch(/sample password|another/)
})

test('however many addresses guess at one person, the rows are bounded', async () => {
  for (let i = 0; i < 40; i++) await signIn({ from: `192.0.2.${i}`, password: 'guess' })

  expect(await failed()).toHaveLength(21)
}, 60_000)

test('a sign-in that succeeds is a line in the audit log with its session, and no refusal', async () => {
  const replies = await Promise.all([1, 2, 3].map((i) => signIn({ from: `192.0.2.${i}` })))

  expect(replies.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
  expect(await failed()).toEqual([])
  const lines = await store.selectFrom('audit').select('act').where('act', '=', 'sign-in').execute()
  expect(lines).toHaveLength(3)
})

function signIn({
  email = person.email,
  password = person.password,
  from,
}: {
  email?: string
  password?: string
  from: string
}) {
  return app.inject({ method: 'POST', url: '/session', remoteAddress: from, payload: { email, password } })
}

/** Closing writes down what is not written yet. */
async function failed(): Promise<[string, Irregularity['address']][]> {
  await app.close()
  return (await refusalsAt(store, 'sign-in')).reverse().map(({ says, address }) => [says, address])
}
