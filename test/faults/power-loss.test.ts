import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SignedHead } from '@tidewaiter/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seeded } from '../support/evidence.ts'
import { missing } from '../support/requires.ts'
import { compileShim } from './compile.ts'
import { type Cut, Disk, type Entry, readJournal } from './power/rebuild.ts'
import { source } from './rig/agent-rig.ts'
import { type Ground, memoryFolder, newGround, World } from './rig/world.ts'
import { longer, printTally, tally } from './tally.ts'

printTally()

type Mark = { sent: string; seq: number } | { acked: string; head: SignedHead }

interface Recorded {
  entries: Entry[]
  /** Folder of the agent and the ledger while it was recorded. */
  world: string
  lines: string[]
}

let ground: Ground
let recorded: Recorded
const folder = memoryFolder()

beforeAll(async () => {
  if (missing('gcc')) return
  recorded = record()
  ground = await newGround(folder)
}, 120_000)
afterAll(async () => {
  await ground?.close()
  rmSync(folder, { recursive: true, force: true })
})

test.skipIf(missing('gcc')).each<[string, (random: () => number) => Cut]>([
  ['power loss, all undone since the last sync', () => 'undone'],
  ['power loss, an arbitrary part undone and a torn tail', (random) => ({ torn: random })],
])(
  '%s: what was sent is in the spool, what was acknowledged is in the ledger, and everything goes on',
  async (kind, how) => {
    const random = seeded(20_261_126)
    const { entries } = recorded
    const begin = entries.findIndex(({ path }) => path.endsWith('/spool.db'))
    // A disk is asked for something so often; each time may be the last.
    const wanted = Math.min(entries.length - begin, 150) * (longer > 1 ? Math.ceil(longer / 4) : 1)
    const share = wanted / (entries.length - begin)
    const disk = new Disk()
    const marks: Mark[] = []
    for (const [i, entry] of entries.entries()) {
      disk.play(entry)
      if (entry.path.endsWith('/marks') && entry.kind === 'W') marks.push(JSON.parse(entry.data.toString()))
      if (i < begin) continue
      const cuts = Math.floor(share) + (random() < share % 1 ? 1 : 0)
      for (let cut = 0; cut < cuts; cut++)
        await holdsAfter(disk, { marks, cut: how(random), goesOn: random() < 0.1, kind })
    }
  },
  240_000 * longer,
)

interface After {
  marks: readonly Mark[]
  cut: Cut
  /** It is looked at how the two go on from there, too. */
  goesOn: boolean
  kind: string
}

async function holdsAfter(disk: Disk, { marks, cut, goesOn, kind }: After): Promise<void> {
  const left = join(folder, 'left')
  rmSync(left, { recursive: true, force: true })
  mkdirSync(join(left, 'agent'), { recursive: true, mode: 0o700 })
  disk.leave(recorded.world, left, cut)
  const world = await World.resume(ground, left)
  try {
    expect(world.agent.setAside).toBeUndefined()
    checkSpool(world, marks)
    world.console.acks = marks.flatMap((mark) => ('acked' in mark ? [{ headerHash: mark.acked, head: mark.head }] : []))
    expect(await world.console.brokenPromises()).toEqual([])
    if (!goesOn) return tally(new Map([[kind, 1]]))
    world.agent.lines.push(...recorded.lines)
    await world.heal()
    const { texts, lost } = await world.held()
    expect(texts).toEqual(recorded.lines)
    expect([...lost]).toEqual([])
    expect(await world.console.brokenPromises()).toEqual([])
    tally(new Map([[kind, 1]]), { records: texts.length })
  } finally {
    await world.end()
  }
}

/** Whole, and not shorter than what the console has heard of it: sealing that again would be a fork. */
function checkSpool({ agent }: World, marks: readonly Mark[]): void {
  const batches = agent.batches()
  for (const [i, { header }] of batches.entries()) expect(header.prev).toBe(batches[i - 1]?.headerHash ?? null)
  const sealed = batches.flatMap(({ header }) => header.sources.filter(({ id }) => id === source))
  expect(agent.spool.sourceOf(source)?.position).toEqual(sealed.at(-1)?.next)
  const hashes = new Set(batches.map(({ headerHash }) => headerHash))
  expect(marks.filter((mark) => 'sent' in mark && !hashes.has(mark.sent))).toEqual([])
}

function record(): Recorded {
  const here = import.meta.dirname
  const shim = compileShim(join(here, 'power/journal.c'), join(folder, 'journal.so'))
  const journal = join(folder, 'journal')
  const env = { LD_PRELOAD: shim, TIDEWAITER_JOURNAL: journal, TIDEWAITER_JOURNALED: folder }
  const agent = run(process.execPath, [join(here, 'power/record.ts'), folder, '120'], env)
  const lines = JSON.parse(readFileSync(join(folder, 'lines.json'), 'utf8'))
  return { entries: readJournal(journal), world: dirname(agent), lines }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = spawnSync(program, args, { env: { ...process.env, ...env } })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
  return String(stdout)
}
