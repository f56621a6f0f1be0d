import { expect, test } from 'vitest'
import { logLines, openTestConsole } from './index.fixture.ts'
import type { Index } from './index-port.ts'
import { openIndex } from './open.ts'

type News = Parameters<Parameters<Index['onIndexed']>[0]>[0]

test('after each transaction it is told which hosts it touched, with rows only of those that are watched', async () => {
  const console = await openTestConsole()
  const desk = await console.host('desk-1')
  const lap = await console.host('lap-1')
  const heard: News[] = []
  console.index.watch([desk.id])
  const stop = console.index.onIndexed((news) => heard.push(news))
  const lines = (name: string) =>
    Array.from({ length: 300 }, (_, i) => `Nov 24 11:00:00 ${name} app[1]: line ${i} of 12-3456789`)
  await desk.send({ chunks: [logLines(lines('desk-1'))] })
  await lap.send({ chunks: [logLines(lines('lap-1'))] })
  await console.caughtUp()
  stop()
  const told = heard.length
  await desk.send({ chunks: [logLines(lines('desk-1'))] })
  await console.caughtUp()

  expect(heard).toHaveLength(told)
  expect(new Set(heard.flatMap(({ hosts }) => hosts))).toEqual(new Set([desk.id, lap.id]))
  expect(heard.map(({ asOf }) => asOf).at(-1)).toBe(2)
  const rows = heard.flatMap((news) => news.rows)
  // The last ones of a transaction, as a list would show them.
  expect(rows).toHaveLength(200)
  expect(rows.at(-1)).toMatchObject({ record: `${desk.id}/1/299`, host: { id: desk.id, name: 'desk-1' } })
  expect(JSON.stringify(rows)).not.toContain('3456789')
  await console.close()
})

test('an index that is closed while it reads goes on from there when it is opened again', async () => {
  const console = await openTestConsole()
  const host = await console.host('desk-1')
  for (let i = 0; i < 40; i++) {
    const lines = Array.from({ length: 2000 }, (_, n) => `Nov 24 11:00:00 desk-1 app[1]: line ${i}.${n}`)
    await host.send({ chunks: [logLines(lines)] })
  }
  const before = performance.now()
  await console.index.close()
  const closedMs = performance.now() - before

  const again = await openIndex(console.about)
  await console.caughtUpWith(again)
  expect((await again.counts()).events).toBe(80_000)
  expect(closedMs).toBeLessThan(15_000)
  await again.close()
  await console.ledger.close()
  await console.store.destroy()
})
