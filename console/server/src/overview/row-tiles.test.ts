import type { DetectorCard } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { cbpRows } from '../cbp.ts'
import { openStore, type Store } from '../store/store.ts'
import { rowTiles } from './row-tiles.ts'

const nowMs = Date.parse('2026-10-29T12:00:00Z')
const card: DetectorCard = {
  id: 'login-red-flags',
  row: 'Other login red flags',
  title: 'Sign-ins that fail',
  falsePositives: [],
  nextSteps: [],
  knownGap: '',
  sees: ['host-1', 'host-2'],
  blind: ['host-3'],
}

async function withFindings(
  findings: readonly { verdict: string; severity: string; foundAt: string; title?: string }[],
): Promise<Store> {
  const store = await openStore({ file: ':memory:' })
  for (const [i, { verdict, severity, foundAt, title = 't' }] of findings.entries())
    await store
      .insertInto('finding')
      .values({
        id: `f${i}`,
        detector: card.id,
        row: card.row ?? null,
        host: null,
        severity,
        title,
        subject_type: 'address',
        subject_value: '203.0.113.77',
        first_at: foundAt,
        last_at: foundAt,
        count: 1,
        records: '[]',
        why: '[]',
        aliases: '[]',
        verdict,
        decided_by: null,
        decided_at: null,
        reason: null,
        found_at: foundAt,
      })
      .execute()
  return store
}

test('a row without a detector says that nobody looked, which is not the same as nothing found', async () => {
  const store = await withFindings([])

  const tiles = await rowTiles(store, { detectors: [card], hosts: 3, nowMs })

  expect(tiles.map(({ row }) => row)).toEqual(cbpRows)
  expect(tiles[0]).toMatchObject({ detector: null, looked: 0, fact: '' })
  await store.destroy()
})

test('a row counts its open findings, the worst of them, and on how many hosts was looked', async () => {
  const store = await withFindings([
    { verdict: 'open', severity: 'medium', foundAt: '2026-10-29T11:59:00.000Z' },
    { verdict: 'open', severity: 'high', foundAt: '2026-10-29T09:30:00.000Z' },
    { verdict: 'benign', severity: 'critical', foundAt: '2026-10-28T12:00:01.000Z' },
    { verdict: 'confirmed', severity: 'critical', foundAt: '2026-10-20T00:00:00.000Z' },
  ])

  const tiles = await rowTiles(store, { detectors: [card], hosts: 3, nowMs })

  expect(tiles.find(({ detector }) => detector === card.id)).toMatchObject({
    open: 2,
    total: 4,
    worst: 'high',
    looked: 2,
    hosts: 3,
    trend: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
  })
  await store.destroy()
})

test('a row says the newest of its worst open findings, and nothing where all are decided', async () => {
  const store = await withFindings([
    { verdict: 'open', severity: 'low', foundAt: '2026-10-29T11:59:00.000Z', title: 'newest' },
    { verdict: 'open', severity: 'high', foundAt: '2026-10-29T09:30:00.000Z', title: 'worst' },
    { verdict: 'open', severity: 'high', foundAt: '2026-10-29T08:30:00.000Z', title: 'as bad, and older' },
    { verdict: 'benign', severity: 'critical', foundAt: '2026-10-29T11:59:30.000Z', title: 'decided' },
  ])

  const tiles = await rowTiles(store, { detectors: [card], hosts: 3, nowMs })

  expect(tiles.find(({ detector }) => detector === card.id)?.fact).toBe('worst')
  await store.destroy()
})
