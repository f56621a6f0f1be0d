import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { newOwnUse } from './own-use.ts'

test('CPU of the programs an agent asks counts as its own, while they run and after they ended', async () => {
  const use = newOwnUse({ steady: () => performance.now() })
  const before = use.cpuMs()
  const child = spawn(process.execPath, ['-e', 'while (process.cpuUsage().user < 1_500_000);'])
  onTestFinished(() => void child.kill('SIGKILL'))
  // Ourselves, we only wait.
  const ours = process.cpuUsage()
  await expect.poll(() => use.cpuMs() - before, { timeout: 30_000, interval: 200 }).toBeGreaterThan(700)

  if (child.exitCode === null) await once(child, 'close')
  await sleep(600)

  const { user, system } = process.cpuUsage(ours)
  expect(use.cpuMs() - before - (user + system) / 1000).toBeGreaterThan(1_450)
})

test('garbage is given back when it is asked for', async () => {
  const use = newOwnUse({ steady: () => performance.now() })
  let held: Buffer[] = Array.from({ length: 100 }, () => Buffer.alloc(2_000_000, 1))
  const full = use.rssBytes() - held.length
  held = []
  await sleep(10)

  use.collectGarbage()
  await sleep(100)

  expect(use.rssBytes()).toBeLessThan(full - 100_000_000)
})
