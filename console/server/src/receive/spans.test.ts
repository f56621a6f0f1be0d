import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { spansOf } from './spans.ts'
import type { SaidState } from './standings.ts'

const day = '2026-11-24T'
const nowMs = Date.parse(`${day}12:00:00.000Z`)
const at = (time: string) => `${day}${time}:00.000Z`
const covered = (id: string, from: string, to: string): CoverageSpan => ({
  id,
  state: 'covered',
  from: at(from),
  to: at(to),
  records: 5,
  lost: 0,
})

function said(sources: SaidState['sources'], since: Record<string, string>): SaidState {
  const spool = { batches: 0, bytes: 0, unacked: 0 }
  return { sources, since, spool, clockOffsetMs: null, cpuPercent: 0, rssBytes: 0 }
}

test('a connected host with well sources has what its evidence covers', () => {
  const spans = [covered('journal:system', '09:00', '11:59'), covered('login:wtmp', '09:00', '11:58')]
  const seen = { kind: 'agent' as const, said: said([], {}), heardMs: nowMs, isConnected: true }

  expect(spansOf(spans, { seen, why: undefined, nowMs })).toEqual(spans)
})

test('a source that gives nothing is not enabled from where its evidence ends, with cause and fix', () => {
  const ill = { id: 'audit', state: 'not-enabled', why: 'auditd is not installed', fix: 'apt install auditd' } as const
  const broken = { id: 'journal:system', state: 'failed', why: 'needs root' } as const
  const state = said([ill, broken, { id: 'login:wtmp', state: 'ok' }], {
    audit: at('09:00'),
    'journal:system': at('10:00'),
  })
  const seen = { kind: 'agent' as const, said: state, heardMs: nowMs, isConnected: true }
  const spans = [covered('journal:system', '09:00', '10:02')]

  expect(spansOf(spans, { seen, why: undefined, nowMs })).toEqual([
    { ...covered('audit', '09:00', '12:00'), state: 'not-enabled', records: 0, lost: null, why: ill.why, fix: ill.fix },
    spans[0],
    { ...covered('journal:system', '10:02', '12:00'), state: 'not-enabled', records: 0, lost: null, why: 'needs root' },
  ])
})

test('a source that the host does not count among its own any more is not asked for', () => {
  const state = said([{ id: 'login:wtmp', state: 'ok' }], {})
  const seen = { kind: 'agent' as const, said: state, heardMs: nowMs, isConnected: true }
  const spans = [
    covered('journal:system', '09:00', '10:02'),
    covered('login:wtmp', '09:00', '11:59'),
    covered('agent:run', '09:00', '09:01'),
    // Begun just now: the host has not said anything since.
    covered('socket', '11:58', '11:59'),
  ]

  expect(spansOf(spans, { seen, why: undefined, nowMs }).filter(({ state: is }) => is !== 'covered')).toEqual([
    {
      ...covered('journal:system', '10:02', '12:00'),
      state: 'not-asked',
      records: 0,
      lost: null,
      why: expect.stringContaining('none of its sources'),
    },
  ])
})

test('a silent host could not be asked: every source it had ends where its evidence ends', () => {
  const why = 'The connection was lost.'
  const seen = { kind: 'agent' as const, said: said([], {}), heardMs: Date.parse(at('11:00')), isConnected: false }
  const spans = [covered('journal:system', '09:00', '10:59'), covered('login:wtmp', '09:00', '10:58')]

  expect(spansOf(spans, { seen, why, nowMs }).slice(2)).toEqual([
    { ...covered('login:wtmp', '10:58', '12:00'), state: 'not-reachable', records: 0, lost: null, why },
    { ...covered('journal:system', '10:59', '12:00'), state: 'not-reachable', records: 0, lost: null, why },
  ])
})

test('a machine that goes on as another host is asked there, and here no more', () => {
  const seen = { kind: 'agent' as const, said: said([], {}), heardMs: Date.parse(at('11:00')), isConnected: false }

  expect(spansOf([covered('socket', '09:00', '10:59')], { seen, why: undefined, nowMs, isMoved: true })[1]).toEqual({
    ...covered('socket', '10:59', '12:00'),
    state: 'not-asked',
    records: 0,
    lost: null,
  })
})

test('imported files do not become unreachable', () => {
  const spans = [covered('file:auth.log', '09:00', '10:59')]
  const seen = { kind: 'import' as const, said: undefined, heardMs: undefined, isConnected: false }

  expect(spansOf(spans, { seen, why: 'Imported files.', nowMs })).toEqual(spans)
})
