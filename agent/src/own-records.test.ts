import type { Position } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import type { Records } from './collectors/collector.ts'
import { newOwnRecords } from './own-records.ts'

test('a record that was given up leaves no number behind, and one that waits is not passed over by a sign of life', async () => {
  const { own, sealer } = openTest()
  await own.note('agent:run', 'started', {})

  sealer.isFull = true
  const givenUp = own.note('agent:run', 'use', {})
  await own.beAlive()
  expect(sealer.handed('agent:run').at(-1)).toEqual([[], 1])
  sealer.giveUp()
  expect(await givenUp).toBe(false)
  sealer.isFull = false
  await own.note('agent:run', 'stopped', {})

  expect(sealer.handed('agent:run')).toEqual([
    [[0], 1],
    [[], 1],
    [[1], 2],
  ])
})

/** A sealer that can be full: what has records then waits until it is given up. */
function openTest() {
  const places = new Map<string, Position>()
  const taken: Records[] = []
  let giveUps: (() => void)[] = []
  const sealer = {
    isFull: false,
    positionOf: (source: string) => places.get(source),
    take: async (records: Records) => {
      if (sealer.isFull && records.chunks.length > 0)
        return new Promise<boolean>((resolve) => giveUps.push(() => resolve(false)))
      places.set(records.source, records.next)
      taken.push(records)
      return true
    },
    giveUp() {
      for (const giveUp of giveUps) giveUp()
      giveUps = []
    },
    /** Numbers of the records of each hand-over, and the number behind it. */
    handed: (of: string) =>
      taken
        .filter(({ source }) => source === of)
        .map(({ chunks, next }) => [chunks.map(({ head }) => numberOf(head.start)), numberOf(next)]),
  }
  return { sealer, own: newOwnRecords({ host: { now: () => 0 }, sealer }) }
}

function numberOf(position: Position): number | undefined {
  return 'number' in position ? position.number : undefined
}
