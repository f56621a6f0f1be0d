import type { SourceState } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { newSourceRecord } from './source-record.ts'

const ill = (id: string, state: 'not-enabled' | 'failed' = 'not-enabled', why = 'why'): SourceState => ({
  ...{ id, state, why },
  fix: 'fix',
})
const well = (id: string): SourceState => ({ id, state: 'ok' })

test('at first all sources that give nothing are sealed, then what changes, and nothing while nothing does', async () => {
  const told: object[] = []
  const own = { note: async (_: string, __: string, what: object) => told.push(what) > 0, beAlive: async () => {} }
  let states = [ill('log-file:/a'), well('journal'), ill('login:btmp')]
  const beat = newSourceRecord({ own, states: () => states })
  const { signal } = new AbortController()

  await beat(signal)
  await beat(signal)
  states = [ill('log-file:/a', 'not-enabled', 'other words'), ill('login:btmp', 'failed'), ill('journal', 'failed')]
  await beat(signal)
  states = [well('log-file:/a'), well('journal')]
  await beat(signal)

  expect(told).toEqual([
    { whole: true, sources: [ill('log-file:/a'), ill('login:btmp')] },
    { whole: false, sources: [ill('login:btmp', 'failed'), ill('journal', 'failed')] },
    { whole: false, sources: [well('log-file:/a'), well('login:btmp'), well('journal')] },
  ])
})

test('what is more than one record takes follows with the next beat', async () => {
  const told: { sources: SourceState[] }[] = []
  const note = async (_: string, __: string, what: object) => told.push(what as { sources: SourceState[] }) > 0
  const states = () => Array.from({ length: 700 }, (_, i) => ill(`log-file:/${i}`))
  const beat = newSourceRecord({ own: { note, beAlive: async () => {} }, states })

  for (let i = 0; i < 3; i++) await beat(new AbortController().signal)

  expect(told.map(({ sources }) => sources.length)).toEqual([500, 200])
})
