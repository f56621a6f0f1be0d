import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch } from '@tidewaiter/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { enrolledFolder, ownRecords } from './agent.fixture.ts'
import { compiledOnce, temporaryFolder } from './folder.fixture.ts'
import { startProgram } from './program.fixture.ts'
import { type FakeConsole, startFakeConsole } from './uplink/console.fixture.ts'

test('an agent held to a fifth of a core reads a log of 200 MB within it, tells why it is slow, and loses no line', {
  timeout: 180_000,
}, async () => {
  const fake = await startFakeConsole()
  const folder = temporaryFolder()
  const file = join(folder, 'app.log')
  const lines = writeLog(file, 200_000_000)
  const config = join(folder, 'agent.yaml')
  // From source, and with its compiler at work, it takes more memory than hosts give it.
  writeFileSync(config, 'sources: [log-file]\ncaps: { cpuPercent: 20, memoryMb: 1000 }\n')
  const data = await enrolledFolder(fake)

  const { child } = startProgram(['run', '--data', data, '--config', config, '--file', file])
  await expect.poll(() => statesOf(fake).length, { timeout: 30_000 }).toBeGreaterThan(0)
  const [cpu, startedAt] = [cpuSecondsOf(child.pid), performance.now()]
  await expect.poll(() => taken(fake, file).count, { timeout: 150_000, interval: 200 }).toBe(lines)
  const seconds = (performance.now() - startedAt) / 1000
  const share = (cpuSecondsOf(child.pid) - cpu) / seconds
  process.stdout.write(`200 MB in ${seconds.toFixed(1)} s at ${(share * 100).toFixed(1)} % of a core\n`)

  expect(share).toBeLessThan(0.3)
  expect(taken(fake, file)).toEqual({ count: lines, isWhole: true })
  await expect.poll(() => biting(fake), { timeout: 15_000 }).toContain('cpuPercent')
  await expect.poll(() => ownRecords(fake.host.line, 'agent:run', 'use').length, { timeout: 70_000 }).toBeGreaterThan(0)
  expect(ownRecords(fake.host.line, 'agent:run', 'use')[0]?.caps).toContainEqual(
    expect.objectContaining({ cap: 'cpuPercent', limit: 20, seconds: expect.any(Number) }),
  )
})

test('beside a log of 10 GB and a journal without end, memory and spool stay bounded while the console takes nothing, or is gone', {
  timeout: 120_000,
}, async () => {
  const fake = await startFakeConsole()
  fake.answer = () => 'withhold'
  const file = join(temporaryFolder(), 'huge.log')
  writeLog(file, 60_000_000)
  truncateSync(file, 10_000_000_000)
  const data = await enrolledFolder(fake)

  const child = spawn(process.execPath, [join(import.meta.dirname, 'hungry-agent.fixture.ts'), data, file, '40'], {
    env: compiledOnce,
    stdio: 'ignore',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await expect.poll(() => biting(fake), { timeout: 60_000 }).toContain('spoolMb')
  const whileHeld = peakMegabytesOf(child.pid)
  await fake.close()
  await sleep(8_000)
  const whileGone = peakMegabytesOf(child.pid)
  process.stdout.write(`at most ${whileHeld} MB while held, ${whileGone} MB while gone\n`)

  expect(whileGone).toBeLessThan(300)
  expect(whileGone - whileHeld).toBeLessThan(40)
  const spool = ['spool.db', 'spool.db-wal'].reduce((sum, name) => sum + statSync(join(data, name)).size, 0)
  expect(spool).toBeLessThan(60_000_000)
  expect(fake.host.line.flatMap(({ header }) => header.lost)).toEqual([])
})

const words = 'Each line of this log says much the same. '.repeat(20)

/** Returns how many lines it wrote. */
function writeLog(file: string, bytes: number): number {
  const out = openSync(file, 'w')
  let lines = 0
  for (let written = 0; written < bytes; ) {
    const block = Array.from(
      { length: 2_000 },
      () => `2026-11-24T10:00:00Z gate app[${lines++}]: ${lines % 97} ${words.slice(lines % 97)} done\n`,
    )
    written += writeSync(out, block.join(''))
  }
  closeSync(out)
  return lines
}

/** Lines of the file that the console holds, and whether their spans follow one another from the beginning to the end. */
function taken({ host }: FakeConsole, file: string): { count: number; isWhole: boolean } {
  const spans = host.line.flatMap(({ header }: Batch) => header.sources.filter(({ id }) => id === `log-file:${file}`))
  const offsets = spans.map(({ first, next }) => [first, next].map((place) => ('offset' in place ? place.offset : -1)))
  const follows = offsets.every(([first], i) => first === (offsets[i - 1]?.[1] ?? 0))
  const count = spans.reduce((sum, span) => sum + span.count, 0)
  return { count, isWhole: follows && offsets.at(-1)?.[1] === statSync(file).size }
}

function statesOf(fake: FakeConsole) {
  return fake.host.messages.filter((message) => message.type === 'state')
}

function biting(fake: FakeConsole): string[] {
  return statesOf(fake).flatMap(({ caps = [] }) => caps.flatMap(({ cap, since }) => (since === undefined ? [] : cap)))
}

/** Fields 14 and 15 of proc(5), in hundredths of a second. */
function cpuSecondsOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return ((user ?? 0) + (system ?? 0)) / 100
}

function peakMegabytesOf(pid: number | undefined): number {
  const line = /^VmHWM:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(line?.[1]) / 1000)
}
