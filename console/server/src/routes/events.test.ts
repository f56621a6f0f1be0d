import { fromBase64 } from '@tidewaiter/protocol'
import type { EventRow, RecordDetail, RecordLine } from '@tidewaiter/protocol/api'
import type { FastifyInstance } from 'fastify'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Index } from '../index/index-port.ts'
import type { Keys } from '../keys/keys.ts'
import { newSealingHost } from '../ledger/host.fixture.ts'
import { newFolder, openTestLedger, receivedAtMs } from '../ledger/ledger.fixture.ts'
import { openStore, type Store } from '../store/store.ts'
import { events } from './events.ts'
import { admin, openTestRoute } from './route.fixture.ts'

const line = 'sshd[7]: importer 12-3456789 signed in'
const long = `${'x'.repeat(2040)} 123-45-6789 ${'y'.repeat(3000)}`

let store: Store
let app: FastifyInstance
let host: string

beforeEach(async () => {
  const ledger = await openTestLedger({ dir: newFolder() })
  const sealing = newSealingHost()
  host = sealing.id
  await ledger.append(sealing.seal([line, 'nothing of the kind', long]), { receivedAtMs, branch: null })
  store = await openStore({ file: ':memory:' })
  // What the route asks of the index and the keys.
  const index = { eventsOf: async (record) => [eventOf(record)] } as Partial<Index> as Index
  const keys = { indexKey: new Uint8Array(32) } as Partial<Keys> as Keys
  app = await openTestRoute(events, { store, ledger, index, keys, now: () => receivedAtMs })
  onTestFinished(async () => {
    await app.close()
    await store.destroy()
  })
})

test('opening a record shows it as it is, and stands in the audit log with the private numbers it shows', async () => {
  const opened = await Promise.all([0, 1].map((at) => app.inject(`/records/${host}/1/${at}`)))

  expect(opened.map((reply) => textOf(reply.json<RecordDetail>()))).toEqual([line, 'nothing of the kind'])
  const lines = await store.selectFrom('audit').selectAll().orderBy('no').execute()
  expect(lines.map(({ act, who, data }) => ({ act, who, ...JSON.parse(data) }))).toEqual(
    expect.arrayContaining([
      { act: 'record.open', who: admin.email, record: `${host}/1/0`, privateNumbers: 1 },
      { act: 'record.open', who: admin.email, record: `${host}/1/1`, privateNumbers: 0 },
    ]),
  )
})

test('a record in a list holds no private number, neither in its bytes nor in its event, and is no act', async () => {
  const shown = (await app.inject(`/records/${host}/1/0/line`)).json<RecordLine>()

  expect(textOf(shown)).toMatch(/^sshd\[7\]: importer pn[0-9a-f]{24} signed in$/)
  expect(JSON.stringify(shown.event)).not.toContain('3456789')
  expect(shown.isCut).toBe(false)
  expect(await store.selectFrom('audit').selectAll().execute()).toEqual([])
})

test('of a long record a list has the beginning, and no part of a number that stands where it ends', async () => {
  const shown = (await app.inject(`/records/${host}/1/2/line`)).json<RecordLine>()

  expect(shown.isCut).toBe(true)
  expect(textOf(shown)).toMatch(/^x+ pn[0-9a-f]{0,24}$/)
})

test('what is not in the ledger is not found, and not written down', async () => {
  expect((await app.inject(`/records/${host}/1/9`)).statusCode).toBe(404)
  expect((await app.inject(`/records/${host}/9/0/line`)).statusCode).toBe(404)
  expect(await store.selectFrom('audit').selectAll().execute()).toEqual([])
})

function eventOf(record: string): EventRow {
  const at = new Date(receivedAtMs).toISOString()
  return {
    record,
    host: { id: host, name: 'HCB-WS11' },
    source: 'log-file:/var/log/auth.log',
    at,
    hostAt: at,
    readAt: at,
    receivedAt: at,
    position: 0,
    document: { message: line, related: { ids: ['12-3456789'] } },
  }
}

function textOf({ bytes }: { bytes: string }): string {
  return Buffer.from(fromBase64(bytes) ?? '').toString()
}
