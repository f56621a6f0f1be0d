import { MatrixFacts, matrixOf, type Stands } from '@tidewaiter/protocol'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { factsOf } from './facts.ts'
import { collectors } from './index.ts'

const fix = 'Install rsyslog.'
const facts = factsOf(collectors, 'linux')

test('what the collectors say of themselves is what a console takes', () => {
  expect(Value.Check(MatrixFacts, facts)).toBe(true)
})

test('a collector stands as the best of its sources, with the fixes of those that give nothing', () => {
  const sources: Stands[] = [
    { id: 'log-file:/var/log/syslog', state: 'ok' },
    { id: 'log-file:/var/log/a', state: 'failed', fix },
    { id: 'log-file:/var/log/b', state: 'failed', fix },
    { id: 'login:wtmp', state: 'not-enabled', fix },
    { id: 'process', state: 'ok' },
  ]

  const rows = matrixOf(facts, sources)

  expect(rows.map(({ collector }) => collector)).toEqual(collectors.map(({ id }) => id))
  expect(rows).toContainEqual(
    expect.objectContaining({ collector: 'log-file', state: 'ok', sources: { ok: 1, of: 3 }, fixes: [fix] }),
  )
  expect(rows).toContainEqual(expect.objectContaining({ collector: 'login', state: 'not-enabled', fixes: [fix] }))
  expect(rows).toContainEqual(expect.objectContaining({ collector: 'socket', state: 'nothing-yet' }))
})

test('where nobody says how they stand that is not known, and what is for another platform is not taken', () => {
  const [here, elsewhere] = [matrixOf(facts, undefined), matrixOf(factsOf(collectors, 'aix'), undefined)]

  expect(new Set(here.filter((_, i) => facts[i]?.isHere).map(({ state }) => state))).toEqual(new Set(['unknown']))
  expect(new Set(elsewhere.map(({ state }) => state))).toEqual(new Set(['not-taken']))
})
