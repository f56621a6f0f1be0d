import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { enrolledFolder, eventually, rows, startAgent } from '../agent.fixture.ts'
import { lookInto } from '../data-folder.ts'
import { isBeingRemoved } from '../removal.ts'
import { readStatus } from '../status.ts'
import { startFakeConsole } from '../uplink/console.fixture.ts'
import { runCommand } from './command.fixture.ts'
import { uninstall } from './uninstall.ts'

test('a running agent sends what it holds, says goodbye for good and ends; then nothing of it is left', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const agent = startAgent(path, { collectors: [rows('process', ['a', 'b'])] })
  void agent.done.then(() => agent.stop())
  await eventually(() => readStatus(lookInto(path))?.status.lastAckAt).toEqual(expect.any(String))

  const { status, stdout } = await runCommand(uninstall, ['uninstall', '--yes', '--data', path])

  expect(stdout).toMatch(/^Agent {8}has ended .* ok$/m)
  expect(stdout).toMatch(/^Data {9}key, enrolment and spool are removed/m)
  expect(status).toBe(0)
  expect(readdirSync(path)).toEqual([])
  expect(fake.host.messages.at(-1)).toEqual({ type: 'bye', reason: 'uninstalled' })
})

test('without --yes nothing happens, and a folder of no host is not touched', async () => {
  const path = await enrolledFolder(await startFakeConsole())
  const before = readdirSync(path)

  const unsaid = await runCommand(uninstall, ['uninstall', '--data', path])
  const nowhere = await runCommand(uninstall, ['uninstall', '--yes', '--data', '/nonexistent'])

  expect([unsaid.status, unsaid.stderr]).toEqual([2, expect.stringContaining('Say so with --yes')])
  expect(nowhere.stderr).toContain('not-enrolled')
  expect(readdirSync(path)).toEqual(before)
})

test('what the console has not taken stays, and an agent can go on from it; --discard removes it', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  fake.answer = () => 'withhold'
  const agent = startAgent(path, { collectors: [rows('process', ['a', 'b'])] })
  await eventually(() => readStatus(lookInto(path))?.status.spool.unacked).toBeGreaterThan(0)
  await agent.stop()

  const kept = await runCommand(uninstall, ['uninstall', '--yes', '--data', path])

  expect(kept.status).toBe(1)
  expect(kept.stdout).toMatch(/the console has not taken .* PROBLEM$/m)
  expect(isBeingRemoved(lookInto(path))).toBe(false)
  expect((await runCommand(uninstall, ['uninstall', '--yes', '--discard', '--data', path])).status).toBe(0)
  expect(readdirSync(path)).toEqual([])
})
