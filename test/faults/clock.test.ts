import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eventually, temporaryFolder } from '../support/program.ts'
import { newSite, spansOf, storedOf } from './process/site.ts'
import { longer, printTally, tally } from './tally.ts'

printTally()

/** Hours each clock is off, one step after the other. */
const steps = { host: [1, -1, 0], console: [1, 0, -1, 0] }

test(
  'clocks that are set forward or back by an hour while both work, on either side, cost no line and no connection',
  async () => {
    const folder = temporaryFolder()
    const clocks = { host: join(folder, 'clock-host'), console: join(folder, 'clock-console') }
    for (const file of Object.values(clocks)) writeFileSync(file, '0')
    const site = await newSite(folder)
    const console = await site.start({ clock: clocks.console })
    const desk = await site.newDesk('desk-1')
    const agent = await desk.start({ clock: clocks.host, inHaste: true })
    desk.write(20)
    const tried = new Map<string, number>()

    for (let round = 0; round < longer; round++)
      for (const side of ['host', 'console'] as const)
        for (const hours of steps[side]) {
          writeFileSync(clocks[side], String(hours))
          const kind = `clock of the ${side} stepped by an hour or two`
          tried.set(kind, (tried.get(kind) ?? 0) + 1)
          desk.write(20)
          await sleep(1_500)
        }

    await eventually(async () => expect((await storedOf(site, desk)).length).toBeGreaterThanOrEqual(desk.lines.length))
    expect(await storedOf(site, desk)).toEqual(desk.lines)
    expect((await spansOf(site, desk)).filter(({ state, lost }) => state === 'lost' || (lost ?? 0) > 0)).toEqual([])
    expect([console.child.exitCode, agent.child.exitCode]).toEqual([null, null])
    tally(tried, { records: desk.lines.length })
  },
  180_000 * longer,
)
