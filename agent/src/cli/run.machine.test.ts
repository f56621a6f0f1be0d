import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { enrolledFolder, ownRecords, recordsOf } from '../agent.fixture.ts'
import { compiledOnce } from '../folder.fixture.ts'
import { linesSource } from '../lines.fixture.ts'
import { startFakeConsole } from '../uplink/console.fixture.ts'

const looking = { timeout: 30_000, interval: 50 }

test('after a backlog the agent begins anew in the same process, says so, goes on where it was and still ends when asked', {
  timeout: 60_000,
}, async () => {
  const fake = await startFakeConsole()
  const folder = await enrolledFolder(fake)
  const file = join(folder, 'lines')
  const backlog = Array.from({ length: 90_000 }, (_, i) => `line ${i} ${'x'.repeat(60)}`)
  writeFileSync(file, `${backlog.join('\n')}\n`)
  const started = () => ownRecords(fake.host.line, 'agent:run', 'started')

  const program = join(import.meta.dirname, 'fast-run.fixture.ts')
  const agent = spawn(process.execPath, [program, file, 'run', '--data', folder], { env: compiledOnce })
  onTestFinished(() => void agent.kill('SIGKILL'))
  await expect.poll(() => started().length, looking).toBe(2)
  appendFileSync(file, 'one more\n')
  await expect.poll(() => recordsOf(fake.host.line, linesSource).length, looking).toBe(backlog.length + 1)

  expect(started()).toMatchObject([{ pid: agent.pid }, { pid: agent.pid, before: { ended: 'restarting' } }])
  expect(ownRecords(fake.host.line, 'agent:run', 'stopped')).toMatchObject([
    { cause: 'restarting', code: 'backlog-over' },
  ])
  expect(fake.host.messages.filter(({ type }) => type === 'bye')).toEqual([{ type: 'bye', reason: 'restarting' }])
  expect(recordsOf(fake.host.line, linesSource)).toEqual([...backlog, 'one more'])
  agent.kill('SIGTERM')
  expect(await once(agent, 'exit')).toEqual([0, null])
  expect(started()).toHaveLength(2)
})
