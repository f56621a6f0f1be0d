import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seeded } from '../support/evidence.ts'
import { type Ground, newGround, World } from './rig/world.ts'
import { longer, printTally, tally } from './tally.ts'

printTally()

let ground: Ground
beforeAll(async () => {
  ground = await newGround()
})
afterAll(() => ground.close())

test(
  'a spool in which bytes were changed gives what was sealed, or is put aside, said and read again from the source',
  async () => {
    const outcomes = { aside: 0, older: 0, whole: 0 }
    for (let seed = 0; seed < 25 * longer; seed++) {
      const random = seeded(seed)
      const world = await World.begin(ground)
      try {
        await grow(world, random)
        // Ended in order, all of it is in the database; killed, most of it is in the log.
        if (random() < 0.6) await world.agent.stop()
        else world.agent.kill()
        changeBytes(join(world.agent.path, 'spool.db'), random)
        if (world.agent.isDead) await world.settle()
        else world.agent.start()
        const lines = await more(world)
        await world.heal()

        const { texts, lost, isForked } = await world.held()
        expect(await world.console.brokenPromises()).toEqual([])
        const isAside = readdirSync(world.agent.path).some((name) => /^spool-damaged-.*\.db$/.test(name))
        // A log whose end does not hold makes the spool an older one, which the console tells from what it holds.
        const { newest, earlier } = lastOf(texts)
        expect(newest.map(nameOf)).toEqual(lines.map(nameOf))
        if (!isForked) expect(earlier.map(nameOf)).toEqual([])
        expect([...lost.keys()]).toEqual(isAside ? [expect.stringContaining('the spool was damaged')] : [])
        outcomes[isAside ? 'aside' : isForked ? 'older' : 'whole'] += 1
        tally(new Map([['bytes of the spool changed', 1]]), { records: lines.length, lost: isAside ? 1 : 0 })
      } finally {
        await world.end()
      }
    }
    expect(outcomes.aside).toBeGreaterThan(0)
  },
  120_000 * longer,
)

test(
  'a ledger whose end was cut off is refused, or goes on from a signed head that no promise after it agrees with, and gets all of it again',
  async () => {
    const outcomes = { refused: 0, shorter: 0, whole: 0 }
    for (let seed = 0; seed < 25 * longer; seed++) {
      const random = seeded(seed)
      const world = await World.begin(ground)
      try {
        await grow(world, random)
        // Ended in order, all of it is in the database; killed, its newest part is in the log.
        const isEnded = random() < 0.5
        if (isEnded) await world.console.stop()
        else world.console.kill()
        const file = newestIn(world.console.dir, isEnded ? '.db' : '.db-wal')
        truncateSync(file, Math.floor(statSync(file).size * random()))
        const refused = await refusalOf(world)
        tally(new Map([['end of the ledger cut off', 1]]), { records: world.agent.lines.length })
        if (refused !== undefined) {
          expect(refused).toMatch(/ledger-damaged|SQLITE_CORRUPT|SQLITE_NOTADB/)
          outcomes.refused += 1
          continue
        }
        const isShorter = (await world.console.brokenPromises()).length > 0
        outcomes[isShorter ? 'shorter' : 'whole'] += 1
        const lines = await more(world)
        await world.heal()

        const held = await world.held().catch((cause: { code?: unknown }) => cause)
        if ('texts' in held) expect(held.texts.map(nameOf)).toEqual(lines.map(nameOf))
        // In the last page nothing is missed before it is read: then it is, by name.
        else expect(held).toMatchObject({ code: 'payload-unreadable' })
        // What hosts were told before shows for good that this is not the ledger it was.
        expect((await world.console.brokenPromises()).length > 0).toBe(isShorter)
      } finally {
        await world.end()
      }
    }
    expect(outcomes.refused).toBeGreaterThan(0)
    expect(outcomes.shorter).toBeGreaterThan(0)
  },
  120_000 * longer,
)

/** Each text where it stands last, and where it stood before. */
function lastOf(texts: readonly string[]) {
  const newest = new Map(texts.map((text, i) => [text, i]))
  const isNewest = (text: string, i: number) => newest.get(text) === i
  return { newest: texts.filter(isNewest), earlier: texts.filter((text, i) => !isNewest(text, i)) }
}

function nameOf(text: string): string {
  return text.split(' ', 2).join(' ')
}

/** Some batches that are acknowledged, and some that are not. */
async function grow(world: World, random: () => number): Promise<void> {
  await world.connect()
  const text = () => Array.from({ length: 60 }, () => random().toString(36)).join('')
  for (let batch = 0; batch < 8; batch++) {
    if (batch === 5) world.agent.drop()
    await world.write(Array.from({ length: 5 }, (_, i) => `record ${batch}.${i} ${text()}`))
    await world.pass(5_000)
  }
}

async function more(world: World): Promise<string[]> {
  await world.write(['one more', 'and another'])
  return [...world.agent.lines]
}

/** A few bytes of one page are others than were written. */
function changeBytes(file: string, random: () => number): void {
  // What stands in the log beside it is what the next reader believes.
  const name = existsSync(`${file}-wal`) ? `${file}-wal` : file
  const bytes = readFileSync(name)
  const at = Math.floor(random() * bytes.length)
  for (let i = at; i < Math.min(at + 16, bytes.length); i++)
    bytes[i] = (bytes[i] ?? 0) ^ (1 + Math.floor(random() * 255))
  writeFileSync(name, bytes)
}

function newestIn(folder: string, ending: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending))
  return join(folder, names.sort().at(-1) ?? '')
}

/** Code of the refusal with which the ledger does not open; undefined when it does. */
async function refusalOf(world: World): Promise<string | undefined> {
  await world.console.bury()
  try {
    await world.console.start()
    return undefined
  } catch (cause) {
    return String((cause as { code?: unknown }).code)
  }
}
