import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { causes } from '../../agent/src/spool/losses.ts'
import { agentSteps, source } from './rig/agent-rig.ts'
import { consoleSteps } from './rig/console-rig.ts'
import { type FrameFault, frameFaults, type Weather } from './rig/wire.ts'
import { type Ground, newGround, World } from './rig/world.ts'
import { longer, printTally, tally } from './tally.ts'

printTally()

let ground: Ground
beforeAll(async () => {
  ground = await newGround()
})
afterAll(() => ground.close())

/** What is true, told as simply as can be: what the machine that runs now has written, in its order. */
interface Model {
  lines: string[]
  number: number
  snapshot: { folder: string; lines: number; sealed: number } | undefined
  /** Read by the machine that was copied and, from the copy of its log, by the one that took its place. */
  readByBoth: Set<string>
  older: { folder: string; acks: World['console']['acks'] } | undefined
  tried: Map<string, number>
}

interface Real {
  world: World
}

type Command = fc.AsyncCommand<Model, Real>

const writing = [
  fc.integer({ min: 1, max: 30 }).map(write),
  fc.integer({ min: 1, max: 30 }).map(writeAndSeal),
  fc.constantFrom(1_000, 5_000, 11_000).map(pass),
  weather().map(connect),
]
const faults = [
  fc.constant(0).map(dropConnection),
  fc.constant(0).map(loseAcknowledgement),
  fc.tuple(fc.constantFrom(...agentSteps), fc.integer({ min: 1, max: 3 })).map(killAgent),
  fc.tuple(fc.constantFrom(...consoleSteps), fc.integer({ min: 1, max: 3 })).map(killConsole),
  fc.constant(0).map(restartAgent),
  fc.constant(0).map(restartConsole),
  fc.constantFrom('full' as const, 'read-only' as const, 'well' as const).map(spoolDisk),
  fc.constantFrom('full' as const, 'read-only' as const, 'well' as const).map(ledgerDisk),
  fc.constantFrom(1, -1).map(stepClock),
]
const copies = [
  fc.constant(0).map(keepConsole),
  fc.constant(0).map(olderConsole),
  fc.constant(0).map(keepAgent),
  fc.constant(0).map(olderAgent),
]

test(
  'whatever happens on the way between an agent and its console, every record is in the ledger once and in its order',
  async () => {
    await holds([...writing, ...writing, ...faults, ...copies], { runs: 60, budgetBytes: 1e9 })
  },
  600_000 * longer,
)

test(
  'whatever happens, a record that a spool over its budget had to let go is in the ledger or counted with that cause',
  async () => {
    await holds([...writing, ...writing, ...writing, ...faults], { runs: 30, budgetBytes: 5_000 })
  },
  600_000 * longer,
)

async function holds(
  commands: fc.Arbitrary<Command>[],
  { runs, budgetBytes }: { runs: number; budgetBytes: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: 'max' }), async (run) => {
      const tried = new Map<string, number>()
      const count = (kind: string) => tried.set(kind, (tried.get(kind) ?? 0) + 1)
      const world = await World.begin(ground, { budgetBytes, hit: (fault: FrameFault) => count(`frame ${fault}`) })
      world.agent.died = (step) => count(`agent killed ${step}`)
      world.console.died = (step) => count(`console killed ${step}`)
      const model: Model = { lines: [], number: 0, snapshot: undefined, older: undefined, readByBoth: new Set(), tried }
      try {
        await fc.asyncModelRun(() => ({ model, real: { world } }), run)
        await world.heal()
        const { lost } = await compare(model, world)
        tally(tried, { records: model.number, lost })
      } finally {
        await world.end()
      }
    }),
    {
      numRuns: runs * longer,
      ...(process.env.TIDEWAITER_SEED !== undefined && { seed: Number(process.env.TIDEWAITER_SEED) }),
    },
  )
}

async function compare({ lines, readByBoth }: Model, world: World): Promise<{ lost: number }> {
  const { texts, lost } = await world.held()
  expect(await world.console.brokenPromises()).toEqual([])
  const newest = new Map(texts.map((text, i) => [text, i]))
  const earlier = texts.filter((text, i) => newest.get(text) !== i)
  expect(
    earlier.filter((text) => !readByBoth.has(text)),
    'records that are there twice',
  ).toEqual([])
  const own = new Set(lines)
  const held = texts.filter((text, i) => own.has(text) && newest.get(text) === i)
  const there = new Set(held)
  expect(held, 'order').toEqual(lines.filter((line) => there.has(line)))
  const missing = lines.length - held.length
  const counted = lost.get(causes.overBudget) ?? 0
  expect([...lost.keys()].filter((cause) => cause !== causes.overBudget)).toEqual([])
  // What went unacknowledged may have arrived all the same.
  expect(counted).toBeGreaterThanOrEqual(missing)
  if (counted === 0) expect(missing).toBe(0)
  return { lost: counted }
}

function command(name: string, act: (model: Model, world: World) => Promise<boolean>): Command {
  return {
    check: () => true,
    async run(model, { world }) {
      const isFault = await act(model, world)
      if (isFault) model.tried.set(name, (model.tried.get(name) ?? 0) + 1)
      await world.settle()
    },
    toString: () => name,
  }
}

function weather(): fc.Arbitrary<Weather> {
  const frames = fc
    .array(fc.tuple(fc.nat({ max: 3 }), fc.constantFrom(...frameFaults)), { maxLength: 2 })
    .map((pairs) => new Map(pairs))
  return fc.record({ batches: frames, acks: frames })
}

function write(count: number): Command {
  return command(`write ${count}`, async (model, world) => {
    const lines = Array.from({ length: count }, () => `record ${model.number++}`)
    model.lines.push(...lines)
    await world.write(lines)
    return false
  })
}

function writeAndSeal(count: number): Command {
  return command(`write and seal ${count}`, async (model, world) => {
    const lines = Array.from({ length: count }, () => `record ${model.number++}`)
    model.lines.push(...lines)
    await world.write(lines)
    await world.pass(5_000)
    return false
  })
}

function pass(ms: number): Command {
  return command(`pass ${ms}`, async (_, world) => {
    await world.agent.collect()
    await world.pass(ms)
    return false
  })
}

function connect(wanted: Weather): Command {
  const said = ({ batches, acks }: Weather) => JSON.stringify([[...batches], [...acks]])
  const made = command(`connect ${said(wanted)}`, async (_, world) => {
    await world.connect(wanted)
    return false
  })
  return made
}

function dropConnection(): Command {
  return command('connection dropped', async (_, { agent }) => {
    if (!agent.isConnected) return false
    agent.drop()
    return true
  })
}

function loseAcknowledgement(): Command {
  return command('silence for two minutes', async (_, world) => {
    await world.pass(130_000)
    return true
  })
}

function killAgent([step, nth]: [(typeof agentSteps)[number], number]): Command {
  return command(`agent dies ${step} (${nth})`, async (_, world) => {
    world.agent.dieAt(step, nth)
    return false
  })
}

function killConsole([step, nth]: [(typeof consoleSteps)[number], number]): Command {
  return command(`console dies ${step} (${nth})`, async (_, world) => {
    world.console.dieAt(step, nth)
    return false
  })
}

function restartAgent(): Command {
  return command('agent killed at rest', async (_, world) => {
    world.agent.kill()
    return true
  })
}

function restartConsole(): Command {
  return command('console killed at rest', async (_, world) => {
    world.console.kill()
    return true
  })
}

function spoolDisk(state: 'full' | 'read-only' | 'well'): Command {
  return command(`disk of the spool ${state}`, async (_, { agent }) => {
    agent.setDisk(state)
    return state !== 'well'
  })
}

function ledgerDisk(state: 'full' | 'read-only' | 'well'): Command {
  return command(`disk of the ledger ${state}`, async (_, { console }) => {
    console.setDisk(state)
    return state !== 'well'
  })
}

function stepClock(hours: number): Command {
  return command(`clock of the host stepped by ${hours} h`, async (_, { agent }) => {
    agent.aheadMs += hours * 3_600_000
    return true
  })
}

function keepConsole(): Command {
  return command('keep a copy of the console', async (model, { console }) => {
    model.older = { folder: console.copy(), acks: [...console.acks] }
    return false
  })
}

function olderConsole(): Command {
  return command('console replaced by an older copy of itself', async ({ older }, { console }) => {
    if (older === undefined) return false
    console.becomeCopy(older)
    return true
  })
}

function keepAgent(): Command {
  return command('keep a copy of the machine', async (model, { agent }) => {
    const at = agent.spool.sourceOf(source)?.position
    const sealed = at !== undefined && 'number' in at ? at.number : 0
    model.snapshot = { folder: agent.copy(), lines: model.lines.length, sealed }
    return false
  })
}

/** The log of the machine is an older one, too: what was written since is the old machine's, and no longer there. */
function olderAgent(): Command {
  return command('machine replaced by an older copy of itself', async (model, { agent }) => {
    const { snapshot } = model
    if (snapshot === undefined) return false
    agent.becomeCopy(snapshot.folder)
    for (const line of model.lines.slice(snapshot.sealed, snapshot.lines)) model.readByBoth.add(line)
    model.lines.length = snapshot.lines
    agent.lines.length = snapshot.lines
    return true
  })
}
