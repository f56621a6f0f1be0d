import type { CoverageSpan, EventRow } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { hostMatrix, standsOf } from './host-matrix.ts'

const facts = { reads: 'Lines.', needs: 'A log.', cannotSee: 'The rest.', provenOn: 'Debian 12.' }
const said = [{ id: 'log-file', resource: 'System logs', isHere: true, ...facts }]

test('what an agent said last stands with how its sources stand', async () => {
  const sources = [{ id: 'log-file:/var/log/a', state: 'failed', fix: 'Let root read it.' }] as const

  expect(await hostMatrix(indexOf({ collectors: said }), 'h', sources)).toEqual([
    {
      resource: 'System logs',
      collector: 'log-file',
      state: 'failed',
      sources: { ok: 0, of: 1 },
      fixes: [sources[0].fix],
      ...facts,
    },
  ])
})

test.for([
  ['nothing', {}],
  ['no list', { collectors: 'all' }],
  ['a text that is too long', { collectors: [{ ...said[0], reads: 'x'.repeat(5_000) }] }],
  ['more than there can be', { collectors: Array.from({ length: 201 }, () => said[0]) }],
] as const)('an agent that says %s has no matrix', async ([, agent]) => {
  expect(await hostMatrix(indexOf(agent), 'h', [])).toBeUndefined()
})

test('a source stands as when it was last heard of; what the agent says of itself is none', () => {
  const span = { from: '', to: '', records: 0, lost: null }
  const coverage: CoverageSpan[] = [
    { ...span, id: 'process', state: 'covered' },
    { ...span, id: 'process', state: 'not-reachable' },
    { ...span, id: 'login:btmp', state: 'not-enabled', fix: 'touch it' },
    { ...span, id: 'agent:run', state: 'covered' },
  ]

  expect(standsOf(coverage)).toEqual([
    { id: 'process', state: 'ok', fix: undefined },
    { id: 'login:btmp', state: 'not-enabled', fix: 'touch it' },
  ])
})

function indexOf(agent: object) {
  const row = { document: { tidewaiter: { agent } } } as unknown as EventRow
  return { search: async () => ({ rows: [row], total: 1, totalExact: true, asOf: 1 }) }
}
