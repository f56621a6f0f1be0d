import { readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newPast } from './history.fixture.ts'

const number = (min: number, max: number) => fc.integer({ min, max })

/** A file that was there before: so many lines of so many bytes, and how it lies on the disk. */
const file = fc.record({
  lines: fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: number(0, 20) },
    { weight: 1, arbitrary: number(2_000, 6_000) },
  ),
  size: number(1, 300),
  packing: fc.constantFrom('', '.gz', '.zst'),
})
/** Copied or unpacked at once they have one time. */
const files = fc.record({ files: fc.array(file, { maxLength: 6 }), areOfOneTime: fc.boolean() })
/** Of several that were emptied in the same second, and of which some are removed, nobody can tell which is left. */
const ofManyTimes = files.map((each) => ({ ...each, areOfOneTime: false }))
const always = [
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('append'), lines: number(1, 20) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('rotate'), compress: number(1, 4) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('look'), most: number(1, 8) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('kill') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('turn'), mayGoOn: fc.boolean() }) },
] as const
const steps = fc.oneof(...always)
const losing = fc.oneof(...always, {
  weight: 2,
  arbitrary: fc.record({ kind: fc.constant('remove'), at: number(0, 30) }),
})
type Step = typeof losing extends fc.Arbitrary<infer T> ? T : never
type Files = typeof files extends fc.Arbitrary<infer T> ? T : never

const empty = { lines: 0, size: 1, packing: '' } as const
const runs = { numRuns: 60, interruptAfterTimeLimit: 15_000, endOnFailure: true }
const many = { minLength: 1, maxLength: 30, size: 'max' } as const

test('whatever is rotated, compressed and killed while history is read: every line comes once and in order', {
  timeout: 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.array(steps, many), async (files, all) => {
      const { past, held, written } = await run(files, all)
      expect(past.losses()).toEqual([])
      expect(past.history()).toEqual(held)
      expect(past.live()).toEqual(written)
      const isAny = files.files.length > 0
      expect(past.told()?.finishedAt ?? null).toEqual(isAny ? expect.any(String) : null)
    }),
    {
      ...runs,
      examples: [
        [
          // One that is compressed gets the inode of the one before it.
          { files: [empty, empty], areOfOneTime: true },
          [
            { kind: 'rotate', compress: 1 },
            { kind: 'rotate', compress: 1 },
            { kind: 'kill' },
            { kind: 'rotate', compress: 3 },
            { kind: 'rotate', compress: 1 },
          ],
        ],
      ],
    },
  )
})

test('where files are removed as well: what does not come is said to be lost, nothing comes twice, and it ends', {
  timeout: 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(ofManyTimes, fc.array(losing, many), async (files, all) => {
      const { past, held, written } = await run(files, all)
      const [history, live] = [past.history(), past.live()]
      const isWhole = history.length === held.length && live.length === written.length
      if (past.losses().length === 0) expect(isWhole).toBe(true)
      const [inHistory, inLive] = [new Set(history), new Set(live)]
      expect(held.filter((line) => inHistory.has(line))).toEqual(history)
      expect(written.filter((line) => inLive.has(line))).toEqual(live)
      if (files.files.length > 0) expect(past.told()?.finishedAt).toEqual(expect.any(String))
    }),
    runs,
  )
})

/** A log is never empty while it has its name: of what nobody ever saw nothing can be known. */
async function run({ files, areOfOneTime }: Files, steps: readonly Step[]) {
  const past = newPast()
  const held: string[] = []
  const written: string[] = []
  for (const [i, { lines, size, packing }] of files.entries()) {
    const text = Array.from({ length: lines }, (_, n) => `held ${i} ${n} ${'x'.repeat(size)}`)
    held.push(...text)
    const bytes = Buffer.from(text.map((line) => `${line}\n`).join(''))
    const packed = { '': (each: Buffer) => each, '.gz': gzipSync, '.zst': zstdCompressSync }[packing](bytes)
    past.file(`.${files.length - i}${packing}`, packed, areOfOneTime ? 1 : files.length - i)
  }
  const append = (lines: number) => {
    for (let n = 0; n < lines; n++) {
      written.push(`line ${written.length}`)
      past.append(`${written.at(-1)}\n`)
    }
  }
  let rotations = 0
  append(1)
  await past.look(2)
  for (const step of steps) {
    if (step.kind === 'append') append(step.lines)
    else if (step.kind === 'look') await past.look(step.most)
    else if (step.kind === 'kill') await past.restart()
    else if (step.kind === 'turn') past.mayGoOn = step.mayGoOn
    else if (step.kind === 'rotate') {
      past.rotate({ compress: step.compress })
      rotations += 1
      append(1)
    } else remove(past.log.path, step.at, rotations)
  }
  past.mayGoOn = true
  await past.look()
  await past.restart()
  await past.look()
  await past.host.advance(120_000)
  await past.look()
  await past.restart()
  return { past, held, written }
}

/** Of what was there before: a file that came and went while nobody looked leaves no trace. */
function remove(path: string, at: number, rotations: number): void {
  const names = readdirSync(dirname(path)).filter((name) => Number(/\d+/.exec(name)?.[0] ?? 0) > rotations)
  const name = names[at % Math.max(names.length, 1)]
  if (name !== undefined) rmSync(join(dirname(path), name))
}
