import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cutEvents } from './cut-events.ts'

/**
 * A log of a real domain controller (github.com/omerbenamram/evtx, samples/Security_short_selected.evtx) as
 * `evtxexport -f xml` 20181227 wrote it: several lines an event, where wevtutil gives one.
 */
const log = readFileSync(new URL('./fixtures/security.xml', import.meta.url), 'utf8')

test('events of a real log are cut at their ends, each with the number it had there', () => {
  const events = cutEvents(log)

  expect(events.map(({ number }) => number)).toEqual([
    319_457_771, 319_457_830, 319_457_831, 319_457_832, 319_457_855, 319_457_856, 319_457_858,
  ])
  expect(events.map(({ xml }) => xml).join('')).toHaveLength(log.replaceAll(/(?<=<\/Event>)\s+/g, '').trim().length)
})
