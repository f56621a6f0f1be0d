import pino from 'pino'
import { expect, test } from 'vitest'
import { openEpisodes } from './episodes.ts'

test('a thousand refusals of one kind are one row with a counter, and another kind is another row', async () => {
  const rows = newRows()
  const episodes = openEpisodes(rows.options)
  for (let i = 0; i < 1000; i++) episodes.note('chain-gap host', { says: 'Batch 7 is missing.' })
  episodes.note('chain-fork host', { says: 'Batch 8 is another one.' })
  await episodes.flush()
  const writes = rows.writes

  episodes.note('chain-gap host', { says: 'Batch 9 is missing.' })
  await episodes.flush()

  expect(writes).toBe(2)
  expect(rows.says).toEqual([
    'Batch 7 is missing. (1000 more of this kind since, the last at 2026-11-24T12:00:00.000Z)',
    'Batch 8 is another one.',
  ])
})

test('after an hour of quiet the same kind is a new row', async () => {
  const rows = newRows()
  const episodes = openEpisodes(rows.options)
  episodes.note('key', { says: 'first' })
  await episodes.flush()
  rows.nowMs += 61 * 60_000
  episodes.note('key', { says: 'second' })
  await episodes.flush()

  expect(rows.says).toEqual(['first', 'second'])
})

test('what cannot be written now is written later, with what came meanwhile', async () => {
  const rows = newRows()
  const episodes = openEpisodes(rows.options)
  rows.isBroken = true
  episodes.note('key', { says: 'refused' })
  await episodes.flush()
  episodes.note('key', { says: 'refused' })
  rows.isBroken = false

  await episodes.close()

  expect(rows.says).toEqual(['refused (1 more of this kind since, the last at 2026-11-24T12:00:00.000Z)'])
})

test('a flood of different causes is bounded', async () => {
  const rows = newRows()
  const episodes = openEpisodes(rows.options)
  for (let i = 0; i < 30_000; i++) episodes.note(`key ${i}`, { says: `${i}` })
  await episodes.close()

  expect(rows.says).toHaveLength(10_000)
  expect(rows.says.at(-1)).toBe('29999')
})

function newRows() {
  const rows = {
    says: [] as string[],
    writes: 0,
    isBroken: false,
    nowMs: Date.parse('2026-11-24T12:00:00.000Z'),
    options: {
      log: pino({ level: 'silent' }),
      now: () => rows.nowMs,
      insert: async ({ says }: { says: string }) => {
        if (rows.isBroken) throw new Error('the disk is full')
        rows.writes += 1
        return rows.says.push(says) - 1
      },
      update: async (no: number, says: string) => {
        rows.writes += 1
        rows.says[no] = says
      },
    },
  }
  return rows
}
