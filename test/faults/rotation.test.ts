import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { eventually, temporaryFolder } from '../support/program.ts'
import { type Spooled, spoolReader } from '../support/spool.ts'
import { type Desk, newSite, spansOf, storedOf } from './process/site.ts'
import { longer, printTally, tally } from './tally.ts'

printTally()

interface Way {
  /** @param write writes to the file under this name */
  rotate(file: string, write: () => void): void
  /** What was not read before may be gone with the old file. */
  mayLose: boolean
}

const ways: Record<string, Way> = {
  'renamed and made anew': {
    mayLose: false,
    rotate(file) {
      shift(file)
      renameSync(file, `${file}.1`)
      writeFileSync(file, '')
    },
  },
  'copied and emptied': {
    mayLose: false,
    rotate(file) {
      shift(file)
      copyFileSync(file, `${file}.1`)
      truncateSync(file)
    },
  },
  'renamed and compressed': {
    mayLose: false,
    rotate(file) {
      shift(file)
      writeFileSync(`${file}.1.gz`, gzipSync(readFileSync(file)))
      rmSync(file)
      writeFileSync(file, '')
    },
  },
  'renamed twice, and the first removed': {
    mayLose: true,
    rotate(file, write) {
      shift(file)
      renameSync(file, `${file}.1`)
      write()
      rmSync(`${file}.1`)
      renameSync(file, `${file}.1`)
      writeFileSync(file, '')
    },
  },
  'removed and made anew': {
    mayLose: true,
    rotate(file) {
      rmSync(file)
      writeFileSync(file, '')
    },
  },
}

test(
  'a log that is rotated in any way while the agent is down is read to its end, or what is gone is told as lost',
  async () => {
    const folder = temporaryFolder()
    const site = await newSite(folder)
    await site.start()
    const desks: { way: string; desk: Desk; spooled: () => Spooled }[] = []
    for (const way of Object.keys(ways)) {
      const desk = await site.newDesk(way.replaceAll(' ', '-'))
      desks.push({ way, desk, spooled: spoolReader(desk.agentData, join(folder, `${desk.name}-spool`)) })
    }
    const tried = new Map<string, number>()
    /** Lines of files that were made after the one that was read, and still lie there. */
    const kept: string[] = []

    for (let round = 0; round < longer; round++)
      await Promise.all(
        desks.map(async ({ way, desk, spooled }) => {
          const sealed = () => spooled().records.get(desk.source) ?? 0
          const before = round === 0 ? 0 : sealed()
          const agent = await desk.start()
          desk.write(10)
          // What happens to a file that nobody ever looked into cannot be known: something of it is sealed before.
          await eventually(async () => expect(sealed()).toBeGreaterThan(before))
          desk.write(3)
          await agent.kill('SIGKILL')
          desk.write(5)
          ways[way]?.rotate(desk.file, () => {
            desk.write(5)
            kept.push(...desk.lines.slice(-5))
          })
          desk.write(5)
          tried.set(`log ${way} while the agent is down`, round + 1)
        }),
      )
    await Promise.all(desks.map(({ desk }) => desk.start()))
    for (const { desk } of desks) desk.write(1)

    let lost = 0
    const unread = new Set(kept)
    for (const { way, desk } of desks) {
      await eventually(async () => expect(await storedOf(site, desk)).toContain(desk.lines.at(-1)))
      const stored = await storedOf(site, desk)
      const losses = (await spansOf(site, desk)).filter(({ state }) => state === 'lost')
      const there = new Set(stored)
      for (const line of stored) unread.delete(line)
      // Each once, and in its place.
      expect([way, stored]).toEqual([way, desk.lines.filter((line) => there.has(line))])
      const gone = desk.lines.length - stored.length
      if (ways[way]?.mayLose !== true) expect([way, gone, losses]).toEqual([way, 0, []])
      if (gone > 0) expect([way, losses.length > 0]).toEqual([way, true])
      for (const { why } of losses) expect(why).toMatch(/removed|compressed|emptied or rewritten|replaced/)
      lost += losses.length
    }
    expect([...unread]).toEqual([])
    tally(tried, { records: desks.reduce((sum, { desk }) => sum + desk.lines.length, 0), lost })
  },
  300_000 * longer,
)

function shift(file: string): void {
  for (const ending of ['', '.gz']) {
    let last = 0
    while (existsSync(`${file}.${last + 1}${ending}`)) last += 1
    for (let n = last; n > 0; n--) renameSync(`${file}.${n}${ending}`, `${file}.${n + 1}${ending}`)
  }
}
