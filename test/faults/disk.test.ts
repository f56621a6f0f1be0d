import { rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eventually, temporaryFolder } from '../support/program.ts'
import { missing } from '../support/requires.ts'
import { compileShim } from './compile.ts'
import { newSite, spansOf, storedOf } from './process/site.ts'
import { longer, printTally, tally } from './tally.ts'

printTally()

const errors = { full: constants.errno.ENOSPC, 'read-only': constants.errno.EROFS, failing: constants.errno.EIO }
type Trouble = keyof typeof errors
const troubles = Object.keys(errors) as Trouble[]

test.skipIf(missing('gcc'))(
  'a disk that is full, can only be read or fails, under either side, ends neither of them, and every line is there once afterwards',
  async () => {
    const folder = temporaryFolder()
    const file = compileShim(join(import.meta.dirname, 'process/disk.c'), join(folder, 'disk.so'))
    const site = await newSite(folder)
    const diskOf = (path: string) => {
      const flag = `${path}.trouble`
      return {
        shim: { file, env: { TIDEWAITER_DISK: flag, TIDEWAITER_DISK_OF: path } },
        set: (trouble: Trouble) => writeFileSync(flag, String(errors[trouble])),
        mend: () => rmSync(flag, { force: true }),
      }
    }
    const consoleDisk = diskOf(site.data)
    const console = await site.start({ shim: consoleDisk.shim })
    const desks = await Promise.all(
      troubles.map(async (trouble) => {
        const desk = await site.newDesk(`desk-${trouble}`)
        const disk = diskOf(desk.agentData)
        return { trouble, desk, disk, agent: await desk.start({ shim: disk.shim }) }
      }),
    )
    const writeAll = () => desks.map(({ desk }) => desk.write(20))
    const tried = new Map<string, number>()
    const count = (kind: string) => tried.set(kind, (tried.get(kind) ?? 0) + 1)
    const whole = () =>
      eventually(async () => {
        for (const { desk } of desks) expect(await storedOf(site, desk)).toEqual(desk.lines)
      })
    writeAll()
    await whole()

    for (let round = 0; round < longer; round++) {
      for (const { disk, trouble } of desks) {
        disk.set(trouble)
        count(`disk of an agent ${trouble}`)
      }
      writeAll()
      await sleep(6_000)
      for (const { disk } of desks) disk.mend()
      for (const trouble of troubles) {
        consoleDisk.set(trouble)
        count(`disk of the console ${trouble}`)
        writeAll()
        await sleep(3_500)
        consoleDisk.mend()
        writeAll()
        await sleep(1_000)
      }
      await whole()
    }

    const all = [console, ...desks.map(({ agent }) => agent)]
    expect(all.map(({ child }) => child.exitCode)).toEqual(all.map(() => null))
    for (const { desk } of desks)
      expect((await spansOf(site, desk)).filter(({ state, lost }) => state === 'lost' || (lost ?? 0) > 0)).toEqual([])
    tally(tried, { records: desks.reduce((sum, { desk }) => sum + desk.lines.length, 0) })
  },
  240_000 * longer,
)
