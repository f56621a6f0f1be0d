import { existsSync, readFileSync, statSync, unlinkSync, utimesSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newLog, newLooker } from './log.fixture.ts'

type Step =
  | { kind: 'append'; lines: number; size: number }
  | { kind: 'half' | 'late' | 'copy' | 'remove' | 'forget' | 'kill' | 'minute' }
  | { kind: 'rename'; create: boolean }
  | { kind: 'look'; most: number }

const number = (min: number, max: number) => fc.integer({ min, max })
const always = [
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('append'), lines: number(1, 30), size: number(1, 400) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('half') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rename'), create: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('look'), most: number(1, 4) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('kill') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('minute') }) },
] as const
const renaming = [...always, { weight: 2, arbitrary: fc.record({ kind: fc.constant('late') }) }] as const
const taking = [
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('forget') }) },
] as const

const runs = { numRuns: 100 }

test('whatever is written, renamed and killed: every line comes once and in order, and no loss is said', async () => {
  const steps: fc.Arbitrary<Step> = fc.oneof(...renaming)

  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 40, size: 'max' }), async (all) => {
      const { lines, written, late, losses } = await follow(all)
      expect(lines.filter((line) => !isLate(line))).toEqual(written)
      expect(lines.filter(isLate)).toEqual(late)
      expect(losses).toEqual([])
    }),
    runs,
  )
})

test('copied, emptied and removed as well: what does not come is said to be lost, and nothing comes twice', async () => {
  const steps: fc.Arbitrary<Step> = fc.oneof(...always, ...taking)

  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 40, size: 'max' }), async (all) => {
      const { lines, written, losses, left } = await follow(all)
      // Of files that lay there already when an older one was handed over, nobody can tell that they were not read.
      const isNeverBehind = all.every((step) => step.kind !== 'look' || step.most === 4)
      if (isNeverBehind) expect(left.filter((line) => !lines.includes(line))).toEqual([])
      if (losses.length === 0) expect(lines).toEqual(written)
      else expect(written.filter((line) => lines.includes(line))).toEqual(lines)
    }),
    {
      ...runs,
      examples: [
        [
          // The copy gets the inode of an empty file that was there before.
          [
            { kind: 'rename', create: false },
            { kind: 'append', lines: 1, size: 1 },
            { kind: 'look', most: 4 },
            { kind: 'forget' },
            { kind: 'kill' },
            { kind: 'copy' },
            { kind: 'copy' },
          ],
        ],
        [
          [
            { kind: 'append', lines: 1, size: 1 },
            { kind: 'look', most: 4 },
            { kind: 'half' },
            { kind: 'remove' },
            { kind: 'append', lines: 1, size: 1 },
            { kind: 'rename', create: false },
            { kind: 'look', most: 1 },
          ],
        ],
        [
          [
            { kind: 'append', lines: 1, size: 1 },
            { kind: 'remove' },
            { kind: 'minute' },
            { kind: 'look', most: 1 },
            { kind: 'append', lines: 1, size: 1 },
            { kind: 'rename', create: false },
            { kind: 'look', most: 1 },
          ],
        ],
      ],
    },
  )
})

/** Written by a program that has not noticed that its file was renamed. */
function isLate(line: string): boolean {
  return line.startsWith('late ')
}

/**
 * Lines are completed before the file they stand in is rotated, and a file is emptied or removed only when something of
 * it was read: what happens to a file that nobody ever looked into cannot be known.
 */
async function follow(steps: readonly Step[]) {
  const log = newLog()
  let nowMs = Date.now()
  const looker = newLooker(log.path, { now: () => nowMs })
  /** Files that are left are told by the time they were changed: here each change has one of its own. */
  const stamp = (path: string) => {
    nowMs += 1000
    utimesSync(path, nowMs / 1000, nowMs / 1000)
  }
  // What was rotated before a source was first seen is not read.
  log.create()
  await looker.look()
  const written: string[] = []
  const late: string[] = []
  let half = ''
  /** Something of the file that now has the name was read. */
  let isSeen = false
  /** Files that were renamed before. */
  let unseen = 0
  const line = (size: number) => {
    const text = `${half || `line ${written.length} `}${'x'.repeat(size)}`
    log.append(`${text.slice(half.length)}\n`)
    stamp(log.path)
    half = ''
    written.push(text)
  }
  const look = async () => {
    await looker.look()
    unseen = 0
    isSeen = log.exists() && statSync(log.path).size > 0 && half === ''
  }
  const act: Record<Step['kind'], (step: Step) => void | Promise<void>> = {
    append(step) {
      if (step.kind === 'append') for (let i = 0; i < step.lines; i++) line(step.size)
    },
    half() {
      if (half !== '') return
      // So long that a late line of the file before does not end where it does: the fixture joins by offsets alone.
      half = `half ${written.length} ${'.'.repeat(90)}`
      log.append(half)
      stamp(log.path)
    },
    late() {
      if (!log.wasRenamed()) return
      late.push(`late ${late.length}`)
      log.appendLate(`${late.at(-1)}\n`)
    },
    look: (step) => (step.kind === 'look' && step.most < 4 ? looker.look(step.most) : look()),
    kill: () => looker.restart(),
    minute: () => looker.host.advance(61_000),
    rename(step) {
      if (!isSeen) unseen += 1
      log.rename()
      if (step.kind === 'rename' && step.create) log.create()
    },
    copy() {
      if (!isSeen) return
      log.copyAndTruncate()
      stamp(`${log.path}.1`)
      stamp(log.path)
    },
    forget() {
      const [position, oldest] = [looker.position(), log.rotated().slice(unseen).at(-1)]
      // Of an empty file only the inode is known, and another file may get that.
      const isKnown = position !== undefined && 'offset' in position && position.offset > 0
      if (isKnown && oldest !== undefined) unlinkSync(oldest)
    },
    remove() {
      if (isSeen) log.remove()
    },
  }
  for (const step of steps) {
    const takesAway = ['rename', 'copy', 'remove'].includes(step.kind)
    if (takesAway && !log.exists()) continue
    if (takesAway && half !== '') line(1)
    if (step.kind === 'copy' || step.kind === 'remove') if (!isSeen) await look()
    await act[step.kind](step)
    if (takesAway) isSeen = false
  }
  if (half !== '') line(1)
  await looker.look()
  await looker.host.advance(61_000)
  await looker.look()
  await looker.close()
  const left = [...log.rotated(), log.path].flatMap((path) =>
    existsSync(path) ? readFileSync(path, 'latin1').split('\n').slice(0, -1) : [],
  )
  return { left, lines: looker.lines(), losses: looker.losses(), written, late }
}
