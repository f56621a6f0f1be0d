import type { SourceState } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { collectors } from '../collectors/index.ts'
import type { Note } from '../status.ts'
import { matrixOf } from './matrix.ts'

const noteOf = (...sources: SourceState[]) => ({ status: { sources } }) as unknown as Note
const fix = 'Install rsyslog.'

test('a collector stands as the best of its sources, with the fixes of those that give nothing', () => {
  const note = noteOf(
    { id: 'log-file:/var/log/syslog', state: 'ok' },
    { id: 'log-file:/var/log/a', state: 'failed', why: 'no', fix },
    { id: 'log-file:/var/log/b', state: 'failed', why: 'no', fix },
    { id: 'login:wtmp', state: 'not-enabled', why: 'no', fix },
    { id: 'process', state: 'ok' },
  )

  const rows = matrixOf(note, { platform: 'linux' })

  expect(rows.map(({ collector }) => collector)).toEqual(collectors.map(({ id }) => id))
  expect(rows).toContainEqual(
    expect.objectContaining({ collector: 'log-file', state: 'ok', sources: { ok: 1, of: 3 }, fixes: [fix] }),
  )
  expect(rows).toContainEqual(expect.objectContaining({ collector: 'login', state: 'not-enabled', fixes: [fix] }))
  expect(rows).toContainEqual(expect.objectContaining({ collector: 'socket', state: 'not-taken' }))
})

test('without an agent nobody knows, and what is for another platform is not taken', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const)
    expect(matrixOf(undefined, { platform }).map(({ collector, state }) => [collector, state])).toEqual(
      collectors.map(({ id, platforms }) => [id, platforms.includes(platform) ? 'unknown' : 'not-taken']),
    )
  expect(new Set(matrixOf(undefined, { platform: 'aix' }).map(({ state }) => state))).toEqual(new Set(['not-taken']))
})
