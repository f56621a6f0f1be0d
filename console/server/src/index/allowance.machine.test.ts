import { expect, test } from 'vitest'
import { importIndicators } from '../indicators/import.ts'
import { logLines, openTestConsole } from './index.fixture.ts'

test('values beyond what a host may add in a day are counted, not indexed, and named by a sweep; the next day they are taken', async () => {
  const console = await openTestConsole({ mostNewValues: 5 })
  const host = await console.host('desk-1')
  const lines = Array.from({ length: 10 }, (_, i) => `Nov 24 11:00:00 desk-1 app[1]: from 203.0.113.${i}`)
  await host.send({ chunks: [logLines(lines)] }, { receivedAtMs: Date.parse('2026-11-24T12:00:00Z') })
  await importIndicators(
    console.store,
    { text: '203.0.113.0/24', source: 's' },
    { who: 'w', at: '2026-11-24T12:00:00.000Z' },
  )
  await console.caughtUp()
  const first = await console.index.sweep()
  await host.send({ chunks: [logLines(lines)] }, { receivedAtMs: Date.parse('2026-11-25T12:00:00Z') })
  await console.caughtUp()
  const second = await console.index.sweep()

  // The program is a value too: it comes behind the addresses.
  expect(first.sightings).toHaveLength(5)
  expect(first.coverage.filter(({ source }) => source.startsWith('index:'))).toMatchObject([
    { source: 'index:observables', state: 'lost', lost: 5 + 10 },
  ])
  expect(first.complete).toBe(false)
  expect(second.sightings).toHaveLength(10)
  await console.close()
})

test('values on branches of its chain are within what a host may add in a day', async () => {
  const console = await openTestConsole({ mostNewValues: 5 })
  const host = await console.host('desk-1')
  for (const [n, branch] of [null, 'abcdef01', 'abcdef02'].entries()) {
    const line = `Nov 24 11:00:00 desk-1 app[1]: from 203.0.113.${2 * n} and 203.0.113.${2 * n + 1}`
    await host.send({ chunks: [logLines([line])] }, { branch, receivedAtMs: Date.parse('2026-11-24T12:00:00Z') })
  }
  await console.caughtUp()

  // Two addresses and the program on each.
  const { coverage } = await console.index.sweep()
  expect(coverage.filter(({ source }) => source === 'index:observables')).toMatchObject([
    { state: 'lost', lost: 9 - 5 },
  ])
  await console.close()
})
