import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Batch, toUtf8 } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, test } from 'vitest'
import { openSqlite } from '../store/sqlite.ts'
import { logLines, newFolder, newLedgerKeys, openTestConsole, span, type TestConsole } from './index.fixture.ts'

test('a batch whose root is a lie and one whose payload does not open are kept, shown by name, and never searched', async () => {
  const folder = newFolder()
  const ledgerKeys = newLedgerKeys()
  const before = await openTestConsole({ folder, ledgerKeys })
  await before.index.close()
  const host = await before.host('desk-1')
  const line = (n: number) => ({ chunks: [logLines([`Nov 24 11:00:0${n} desk-1 app[1]: line ${n}`])] })
  await host.send(line(1))
  await host.send({ ...line(2), statement: { sources: [span(0, 10)] } }, { change: withWrongRoot })
  await host.send(line(3))
  await host.send({ ...line(4), statement: { sources: [span(10, 20)] } })
  await before.ledger.close()
  await before.store.destroy()
  await spoil(join(folder, 'ledger', 'segment-00000001.db'), 2)

  const console = await openTestConsole({ folder, ledgerKeys })
  await console.caughtUp()

  expect(await textsIn(console)).toEqual(['line 4', 'line 1'])
  expect(await irregularitiesIn(console)).toEqual([
    { host: host.id, code: 'root-wrong', seq: 2 },
    { host: host.id, code: 'payload-unreadable', seq: 3 },
  ])
  // What the liar said of its sources counts for nothing, and what was not read is no silence.
  const spans = (await console.index.coverageOfAll()).get(host.id) ?? []
  expect(spans.filter(({ id, state }) => id.startsWith('log-file:') && state === 'covered')).toMatchObject([
    { records: 1 },
  ])
  expect(spans.filter(({ id }) => id === 'index:batches')).toMatchObject([
    { state: 'lost', lost: null, why: expect.stringMatching(/^In the ledger and not in the index: 2 batches/) },
  ])

  await console.index.reindex()
  expect(await textsIn(console)).toEqual(['line 4', 'line 1'])
  expect(await irregularitiesIn(console)).toHaveLength(2)
  await console.close()
})

test('what a batch held that does not open is lost source by source and counted, whatever comes behind it', async () => {
  const folder = newFolder()
  const ledgerKeys = newLedgerKeys()
  const before = await openTestConsole({ folder, ledgerKeys })
  await before.index.close()
  const host = await before.host('desk-1')
  const log = 'log-file:/var/log/auth.log'
  const names = (minute: number, sources: ReturnType<typeof span>[]) => {
    const at = `2026-11-24T12:0${minute}:00.000Z`
    const lines = sources.map(({ id }) => logLines([`Nov 24 11:00:0${minute} desk-1 app[1]: line`], { source: id }))
    return { chunks: lines, statement: { sources, from: at, to: at } }
  }
  const other = 'log-file:/var/log/syslog'
  await host.send(names(0, [span(0, 10, { count: 4 })]))
  await host.send(names(1, [span(10, 20, { count: 7 })]))
  await host.send(names(2, [span(20, 30, { count: 5 }), span(0, 10, { id: other, count: 3 })]))
  await before.ledger.close()
  await before.store.destroy()
  for (const position of [0, 1]) await spoil(join(folder, 'ledger', 'segment-00000001.db'), position)

  const console = await openTestConsole({ folder, ledgerKeys })
  await console.caughtUp()

  const spans = (await console.index.coverageOfAll()).get(host.id) ?? []
  const lost = spans.filter(({ id, state }) => id !== 'index:batches' && state === 'lost')
  expect(lost).toMatchObject([
    {
      id: log,
      from: '2026-11-24T12:00:00.000Z',
      to: '2026-11-24T12:01:00.000Z',
      lost: 11,
      why: expect.stringContaining('cannot open'),
    },
  ])
  expect(spans.filter(({ state }) => state === 'covered').map(({ id, records }) => [id, records])).toEqual([
    [log, 5],
    [other, 3],
  ])
  expect(await console.index.leftOut()).toEqual({ batches: 2, positions: [0, 1] })
  await console.close()
})

test('both branches of a fork are events of their host, each under its own record ids', async () => {
  const console = await openTestConsole()
  const host = await console.host('desk-1')
  await host.send({ chunks: [logLines(['Nov 24 11:00:01 desk-1 app[1]: one'])] })
  await host.send({ chunks: [logLines(['Nov 24 11:00:02 desk-1 app[1]: two'])] }, { branch: 'abcdef01' })
  await console.caughtUp()

  const { rows } = await console.index.search({ host: host.id })
  expect(rows.map(({ record, host: { name } }) => [record, name])).toEqual([
    [`${host.id}~abcdef01/2/0`, 'desk-1'],
    [`${host.id}/1/0`, 'desk-1'],
  ])
  expect(await console.index.eventsOf(`${host.id}~abcdef01/2/0`)).toMatchObject([{ document: { message: 'two' } }])
  await console.close()
})

test('an index that another version wrote is made again from the ledger, once for both of its writers', async () => {
  const folder = newFolder()
  const ledgerKeys = newLedgerKeys()
  const before = await openTestConsole({ folder, ledgerKeys })
  const host = await before.host('desk-1')
  await host.send({ chunks: [logLines(['Nov 24 11:00:01 desk-1 app[1]: one'])] })
  await before.caughtUp()
  await before.close({ keep: true })
  for (const name of ['values.db', 'events.db']) {
    const db = await openSqlite(join(folder, 'index', name))
    await db.exec('PRAGMA user_version = 1')
    await db.close()
  }

  const console = await openTestConsole({ folder, ledgerKeys })
  await console.caughtUp()

  expect((await console.index.search({ q: 'one' })).total).toBe(1)
  expect(console.logged.filter(({ msg }) => msg === saysMadeAgain)).toHaveLength(1)
  await console.close()
})

test('a broken file of the index is made again from the ledger', async () => {
  const folder = newFolder()
  const ledgerKeys = newLedgerKeys()
  const before = await openTestConsole({ folder, ledgerKeys })
  const host = await before.host('desk-1')
  await host.send({ chunks: [logLines(['Nov 24 11:00:01 desk-1 app[1]: one'])] })
  await before.caughtUp()
  await before.close({ keep: true })
  writeFileSync(join(folder, 'index', 'values.db'), 'no database '.repeat(1000))

  const console = await openTestConsole({ folder, ledgerKeys })
  await console.caughtUp()

  expect((await console.index.search({ q: 'one' })).total).toBe(1)
  expect(console.logged.map(({ msg }) => msg)).toContain(saysMadeAgain)
  await console.close()
})

const saysMadeAgain = 'a file of the index is broken or of another version: the index is made again'

function withWrongRoot(batch: Batch): Batch {
  const header = { ...batch.header, root: 'f'.repeat(64) }
  const headerBytes = toUtf8(JSON.stringify(header))
  return { ...batch, header, headerBytes, headerHash: Buffer.from(nodePrimitives.sha256(headerBytes)).toString('hex') }
}

/** Changes the payload of one entry behind the ledger's back. */
async function spoil(segment: string, position: number): Promise<void> {
  const db = await openSqlite(segment)
  await db.run('update batch set payload = ? where position = ?', [Buffer.alloc(100), position])
  await db.close()
}

async function textsIn({ index }: TestConsole): Promise<unknown[]> {
  return (await index.search({})).rows.map(({ document }) => document.message)
}

async function irregularitiesIn({ store }: TestConsole) {
  return store.selectFrom('irregularity').select(['host', 'code', 'seq']).orderBy('no').execute()
}
