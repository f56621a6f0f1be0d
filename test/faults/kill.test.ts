import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, type Running, temporaryFolder } from '../support/program.ts'
import { type Desk, newSite, spansOf, storedOf } from './process/site.ts'
import { agentSteps } from './rig/agent-rig.ts'
import { consoleSteps } from './rig/console-rig.ts'
import { longer, printTally, tally } from './tally.ts'

printTally()

const desks = ['desk-1', 'desk-2', 'desk-3']
const ofAgent = ['when a source is read', 'after a batch was signed', ...agentSteps]
const ofConsole = [...consoleSteps]
/** So often each step is reached before the process dies at it. */
const agentTimes = Array.from({ length: longer }, (_, i) => 1 + (i % 2))
const consoleTimes = Array.from({ length: longer }, (_, i) => 1 + (i % 3))

test(
  'killed at every step of the flow, on either side, both go on: every line is there once and in its place',
  async () => {
    const site = await newSite(temporaryFolder())
    let console = await site.start()
    const all: Desk[] = []
    for (const name of desks) all.push(await site.newDesk(name))
    // Stopped in order once, it has left its code compiled.
    await console.kill('SIGTERM')
    console = await site.start()
    const tried = new Map<string, number>()
    const count = (kind: string) => tried.set(kind, (tried.get(kind) ?? 0) + 1)

    const dooms = agentTimes.flatMap((nth) => ofAgent.map((step) => ({ step, nth })))
    const killAgents = async (desk: Desk) => {
      for (let doom = dooms.shift(); doom !== undefined; doom = dooms.shift()) {
        const agent = await desk.start({ dieAt: doom, inHaste: true })
        desk.write(5)
        const isReached = await diesItself(agent, 60_000)
        count(isReached ? `agent killed ${doom.step}` : 'agent killed at any moment')
        await agent.kill('SIGKILL')
        desk.write(2)
      }
    }
    await Promise.all(all.map(killAgents))

    await Promise.all(all.map((desk) => desk.start({ inHaste: true })))
    const writing = setInterval(() => all.map((desk) => desk.write(1)), 300)
    onTestFinished(() => clearInterval(writing))
    for (const nth of consoleTimes)
      for (const step of ofConsole) {
        await console.kill('SIGKILL')
        console = await site.start({ dieAt: { step, nth } })
        const isReached = await diesItself(console, 60_000)
        count(isReached ? `console killed ${step}` : 'console killed at any moment')
      }
    await console.kill('SIGKILL')
    await site.start()
    clearInterval(writing)

    for (const desk of all) {
      await eventually(async () =>
        expect((await storedOf(site, desk)).length).toBeGreaterThanOrEqual(desk.lines.length),
      )
      expect(await storedOf(site, desk)).toEqual(desk.lines)
      expect((await spansOf(site, desk)).filter(({ state, lost }) => state === 'lost' || (lost ?? 0) > 0)).toEqual([])
    }
    const reached = [...tried.keys()]
    expect(ofAgent.filter((step) => !reached.includes(`agent killed ${step}`))).toEqual([])
    expect(ofConsole.filter((step) => !reached.includes(`console killed ${step}`))).toEqual([])
    tally(tried, { records: all.reduce((sum, { lines }) => sum + lines.length, 0) })
  },
  480_000 * longer,
)

/** False when it is still alive after so long. */
async function diesItself({ child }: Running, limitMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return true
  const isDead = once(child, 'exit').then(() => true)
  return Promise.race([isDead, sleep(limitMs, false)])
}
