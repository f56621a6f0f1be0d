import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eventually, temporaryFolder } from '../support/program.ts'
import { clockOf, newSite, type Site, spansOf, storedOf } from './process/site.ts'
import { longer, printTally, tally } from './tally.ts'

printTally()

const hourMs = 3_600_000

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
    await noticed(site, { count: 0, hours: 0 })
    const tried = new Map<string, number>()
    let hostSteps = 0

    for (let round = 0; round < longer; round++)
      for (const side of ['host', 'console'] as const)
        for (const hours of steps[side]) {
          writeFileSync(clocks[side], String(hours))
          const kind = `clock of the ${side} stepped by an hour or two`
          tried.set(kind, (tried.get(kind) ?? 0) + 1)
          desk.write(20)
          if (side === 'host') await noticed(site, { count: ++hostSteps, hours })
          else await sleep(1_500)
        }

    await eventually(async () => expect((await storedOf(site, desk)).length).toBeGreaterThanOrEqual(desk.lines.length))
    expect(await storedOf(site, desk)).toEqual(desk.lines)
    expect((await spansOf(site, desk)).filter(({ state, lost }) => state === 'lost' || (lost ?? 0) > 0)).toEqual([])
    const { steps: sealed } = await clockOf(site)
    const expected = Array.from({ length: longer }, () => [1, -2, 1]).flat()
    expect(sealed.map((ms) => Math.round(ms / hourMs))).toEqual(expected)
    expect([console.child.exitCode, agent.child.exitCode]).toEqual([null, null])
    tally(tried, { records: desk.lines.length })
  },
  180_000 * longer,
)

/** The host has sealed so many steps of its clock, is connected, and its clock is shown as it is. */
async function noticed(site: Site, { count, hours }: { count: number; hours: number }): Promise<void> {
  await eventually(async () => {
    const { steps, offsetMs, status } = await clockOf(site)
    expect(steps).toHaveLength(count)
    expect({ steps: steps.length, hours: Math.round((offsetMs ?? Number.NaN) / hourMs) + 0 }).toEqual({
      steps: count,
      hours,
    })
    expect(status).toBe('online')
  }, 60_000)
}
