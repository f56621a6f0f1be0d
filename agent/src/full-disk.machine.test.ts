import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, cpSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceState } from '@tidewaiter/protocol'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { enrolledFolder, eventually, ownRecords, recordsOf, startAgent } from './agent.fixture.ts'
import { runAgent } from './agent.ts'
import { holdDataFolder, isHeld } from './data-folder.ts'
import { newFastHost } from './fast-host.fixture.ts'
import { temporaryFolder } from './folder.fixture.ts'
import { followLines, linesSource } from './lines.fixture.ts'
import { startProgram } from './program.fixture.ts'
import { type FakeConsole, startFakeConsole } from './uplink/console.fixture.ts'

test.skipIf(!canMount())(
  'on a volume that is full the agent waits and says so; when there is room nothing is missing and nothing twice (needs root)',
  async () => {
    const fake = await startFakeConsole()
    const volume = smallVolume()
    cpSync(await enrolledFolder(fake), volume, { recursive: true })
    const file = join(temporaryFolder(), 'lines')
    const lines: string[] = []
    const write = (count: number) => {
      for (let i = 0; i < count; i++) {
        lines.push(`line ${lines.length} ${randomBytes(300).toString('base64')}`)
        appendFileSync(file, `${lines.at(-1)}\n`)
      }
    }
    write(50)
    const agent = startAgent(volume, { collectors: [followLines(file)] })
    await eventually(() => recordsOf(fake.host.line, linesSource)).toEqual(lines)

    fill(volume)
    await eventually(() => {
      write(50)
      return lastState(fake, 'agent:spool')
    }).toMatchObject({ state: 'failed', why: expect.stringContaining('full since') })
    write(50)
    rmSync(join(volume, 'ballast'))

    await eventually(() => recordsOf(fake.host.line, linesSource).length).toBe(lines.length)
    expect(recordsOf(fake.host.line, linesSource)).toEqual(lines)
    expect(ownRecords(fake.host.line, 'agent:run', 'spool-was-full').length).toBeGreaterThan(0)
    expect(fake.host.line.flatMap(({ header }) => header.lost)).toEqual([])
    await eventually(() => lastState(fake, 'agent:spool')).toBeUndefined()
    await agent.stop()
  },
)

test.skipIf(!canMount())(
  'an agent that is started on a full volume waits, says so and takes evidence when there is room (needs root)',
  async () => {
    const fake = await startFakeConsole()
    const volume = smallVolume()
    cpSync(await enrolledFolder(fake), volume, { recursive: true })
    fill(volume)

    const program = startProgram(['run', '--data', volume])
    await eventually(program.output).toContain('"code":"spool-full"')
    expect(isHeld(volume)).toBe(false)
    rmSync(join(volume, 'ballast'))

    await eventually(() => ownRecords(fake.host.line, 'agent:run', 'started')).toHaveLength(1)
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
  },
)

test.skipIf(!canMount())(
  'an agent whose volume fills up before it has opened its spool waits for room, or until it is told to stop (needs root)',
  async () => {
    const fake = await startFakeConsole()
    const volume = smallVolume()
    cpSync(await enrolledFolder(fake), volume, { recursive: true })
    const folder = holdDataFolder(volume)
    onTestFinished(() => folder.release())
    fill(volume)
    const says: string[] = []
    const log = pino({}, { write: (line) => void says.push(JSON.parse(line).code) })
    const options = { host: newFastHost(), folder, config: {}, files: [], collectors: [], log }

    const stopped = new AbortController()
    const waiting = runAgent(options, stopped.signal)
    await eventually(() => says).toEqual(['spool-full'])
    stopped.abort()
    await waiting
    const drain = new AbortController()
    const done = runAgent(options, drain.signal)
    await eventually(() => says).toEqual(['spool-full', 'spool-full'])
    rmSync(join(volume, 'ballast'))

    await eventually(() => ownRecords(fake.host.line, 'agent:run', 'started')).toHaveLength(1)
    drain.abort()
    await done
  },
)

/** What the console was told last of a source; undefined when it was not named. */
function lastState(fake: FakeConsole, id: string): SourceState | undefined {
  const state = fake.host.messages.findLast((message) => message.type === 'state')
  return state?.sources.find((source) => source.id === id)
}

function canMount(): boolean {
  return process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0
}

/** A volume of its own of 32 MB, that is gone after the test. */
function smallVolume(): string {
  const folder = temporaryFolder()
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=700', 'tmpfs', folder])
  if (status !== 0) throw new Error(String(stderr))
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]))
  return folder
}

function fill(volume: string): void {
  const { bavail, bsize } = statfsSync(volume)
  writeFileSync(join(volume, 'ballast'), Buffer.alloc(bavail * bsize))
}
