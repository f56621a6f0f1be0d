import { expect, test } from 'vitest'
import type { CoverageSpan } from './api/index.ts'
import { gapsOf } from './gaps.ts'

test('a host that was off is one gap over all its sources, and the newest gap stands first', () => {
  const off = { state: 'not-reachable', why: 'The machine was asleep.' } as const
  const gaps = gapsOf([
    span('journal:system', { state: 'lost', from: '08:00', to: '08:01', lost: 3, why: 'emptied' }),
    span('journal:system', { ...off, from: '10:00', to: '11:00' }),
    span('process', { ...off, from: '10:01', to: '11:02' }),
    span('process', { state: 'covered', from: '11:02', to: '12:00' }),
  ])

  expect(gaps).toMatchObject([
    { sources: ['journal:system', 'process'], from: at('10:00'), to: at('11:02'), why: 'The machine was asleep.' },
    { sources: ['journal:system'], lost: 3, why: 'emptied' },
  ])
})

test('gaps for different reasons, or of one source at different times, stay apart', () => {
  const gone = { state: 'not-reachable', from: '10:00', to: '10:01' } as const
  const spans = [
    span('a', { ...gone, why: 'one' }),
    span('b', { ...gone, why: 'another' }),
    span('a', { ...gone, from: '10:02', to: '10:03', why: 'one' }),
  ]

  expect(gapsOf(spans)).toHaveLength(3)
})

test('a loss that nobody can count makes the sum unknown', () => {
  const lost = { state: 'lost', from: '10:00', to: '10:01', why: 'the spool was full' } as const

  expect(gapsOf([span('a', { ...lost, lost: 4 }), span('b', { ...lost, lost: 5 })])).toMatchObject([{ lost: 9 }])
  expect(gapsOf([span('a', { ...lost, lost: 4 }), span('b', lost)])).toMatchObject([{ lost: null }])
})

const at = (time: string) => `2026-11-24T${time}:00.000Z`

function span(id: string, { from, to, ...rest }: Partial<CoverageSpan> & { from: string; to: string }): CoverageSpan {
  return { id, state: 'covered', records: 0, lost: null, ...rest, from: at(from), to: at(to) }
}
