import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openStore, type Store } from '../store/store.ts'
import { readBroker } from './broker.ts'
import { newSetupCode, setUp } from './setup.ts'

const nowMs = Date.parse('2026-10-29T12:00:00.000Z')
const code = newSetupCode(nowMs)
const setup = {
  code: code.text,
  broker: { name: ' Halyard Customs Brokers, Inc.', filerCode: 'ZZZ' },
  name: 'T. Reyes',
  email: 'T.Reyes@halyard-customs.example',
  password: 'a long sample password',
  zone: 'America/New_York',
}

let store: Store

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  onTestFinished(() => store.destroy())
})

test('set-up makes the first admin and says whose console it is, and each is written down', async () => {
  await setUp(store, { ...setup, code: ` ${code.text.toLowerCase()} ` }, code, nowMs)

  expect(await store.selectFrom('person').select(['email', 'role']).execute()).toEqual([
    { email: 't.reyes@halyard-customs.example', role: 'admin' },
  ])
  expect(await readBroker(store)).toEqual({
    name: 'Halyard Customs Brokers, Inc.',
    filerCode: 'ZZZ',
    zone: 'America/New_York',
  })
  const acts = await store.selectFrom('audit').select('act').orderBy('no').execute()
  expect(acts.map(({ act }) => act)).toEqual(['person.add', 'broker.set'])
})

test.each(['K7QF-2MÄD', 'KÄQF-2M9D', '', 'ﬀﬀﬀﬀ-ﬀﬀﬀﬀ', '\ud800', 'x'.repeat(64)])(
  'the code %j is wrong, whatever letters it has',
  async (wrong) => {
    await expect(setUp(store, { ...setup, code: wrong }, code, nowMs)).rejects.toMatchObject({
      code: 'setup-code-wrong',
    })
  },
)

test('a set-up that fails at its last part leaves nothing, and can be done again', async () => {
  await expect(setUp(store, { ...setup, zone: 'Mars/Olympus' }, code, nowMs)).rejects.toMatchObject({
    code: 'input-malformed',
  })
  expect(await store.selectFrom('person').selectAll().execute()).toEqual([])
  expect(await store.selectFrom('audit').selectAll().execute()).toEqual([])

  await setUp(store, setup, code, nowMs)
})

test('of two who set the console up at the same moment one becomes its admin', async () => {
  const other = { ...setup, email: 'somebody@else.example' }

  const results = await Promise.allSettled([setup, other].map((one) => setUp(store, one, code, nowMs)))

  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await store.selectFrom('person').selectAll().execute()).toHaveLength(1)
})
