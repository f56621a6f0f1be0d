import { limits, type SourceState } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { withinFrame } from './messages.ts'

test('sources that one message holds are all told of', () => {
  const states = Array.from({ length: 2_000 }, (_, i) => ok(`log-file:/${i}`))

  expect(withinFrame(states)).toEqual(states)
})

test.each([
  ['too many', 2_500, 20],
  ['with names that are too long', 2_000, 900],
])('of sources that are %s those that are not well are told of first, and how many are not', (_, count, length) => {
  const states = Array.from({ length: count }, (_, i) => ok(`log-file:/${'x'.repeat(length)}${i}`))
  const ill: SourceState = { id: 'journal', state: 'failed', why: 'no', fix: 'yes' }

  const told = withinFrame([...states, ill])

  expect(told[0]).toEqual(ill)
  expect(told.length).toBeLessThanOrEqual(2_000)
  expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(limits.textFrame * 0.9)
  expect(told.at(-1)).toMatchObject({ id: 'agent:state', state: 'failed' })
  expect(told.at(-1)?.why).toContain(`${count + 2 - told.length} more sources`)
})

function ok(id: string): SourceState {
  return { id, state: 'ok' }
}
