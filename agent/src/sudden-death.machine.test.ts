import { spawn } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch } from '@tidewaiter/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { enrolledFolder, recordsOf } from './agent.fixture.ts'
import { compiledOnce } from './folder.fixture.ts'
import { linesSource } from './lines.fixture.ts'
import { type Answering, type FakeConsole, startFakeConsole } from './uplink/console.fixture.ts'

const deaths = 6

test('every line arrives exactly once and the chain is whole, through sudden deaths and a console that misbehaves', {
  timeout: 60_000,
}, async () => {
  const fake = await startFakeConsole()
  const folder = await enrolledFolder(fake)
  const file = join(folder, 'lines')
  writeFileSync(file, '')
  const random = seeded(20_261_124)
  const misdeeds: Answering[] = ['twice', 'wrong', 'withhold', 'drop', 'drop-unstored']
  fake.answer = () => (random() < 0.4 ? (misdeeds[Math.floor(random() * misdeeds.length)] ?? 'ack') : 'ack')
  fake.windowBytes = 20_000
  let written = 0
  const write = () => {
    for (let i = 0; i < 30; i++) appendFileSync(file, `line ${written++} ${'x'.repeat(60)}\n`)
  }

  let next = loadAgent(folder, file)
  for (let death = 0; death < deaths; death++) {
    const agent = next
    await agent.start()
    next = loadAgent(folder, file)
    for (let lifeMs = random() * 300; lifeMs > 0; lifeMs -= 15) {
      write()
      await sleep(15)
      if (random() < 0.1) fake.drop()
    }
    await agent.kill()
    write()
  }
  fake.answer = () => 'ack'
  await next.start()
  await expect.poll(() => linesIn(fake).length, { timeout: 30_000, interval: 100 }).toBe(written)

  expect(linesIn(fake).map((line) => Number(line.split(' ')[1]))).toEqual(Array.from({ length: written }, (_, i) => i))
  const { line, branch, gaps } = fake.host
  expect({ branch: branch.length, gaps, hosts: fake.hosts.size }).toEqual({ branch: 0, gaps: 0, hosts: 1 })
  expect(line.map(({ header }) => header.prev)).toEqual([
    null,
    ...line.slice(0, -1).map(({ headerHash }) => headerHash),
  ])
  expect(firstBreak(line)).toBeUndefined()
  expect(line.length).toBeGreaterThan(deaths)
})

function linesIn(fake: FakeConsole): string[] {
  return recordsOf(fake.host.line, linesSource)
}

/** An agent that has everything loaded and waits for its start. */
function loadAgent(folder: string, file: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run-agent.fixture.ts'), folder, file], {
    env: compiledOnce,
  })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(() => void child.kill('SIGKILL'))
  const isWelcome = new Promise<void>((resolve) =>
    child.stdout.on('data', (part) => String(part).includes('"welcome"') && resolve()),
  )
  return {
    start() {
      child.stdin.write('.')
      return isWelcome
    },
    kill() {
      child.kill('SIGKILL')
      return gone
    },
  }
}

/** The first batch whose row of the source does not begin where the row before ended. */
function firstBreak(line: readonly Batch[]): number | undefined {
  let next: unknown
  for (const { header } of line)
    for (const span of header.sources.filter(({ id }) => id === linesSource)) {
      if (next !== undefined && JSON.stringify(span.first) !== JSON.stringify(next)) return header.seq
      next = span.next
    }
  return undefined
}

/** Numbers in [0, 1) that are the same in every run (mulberry32): a failure can be had again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
