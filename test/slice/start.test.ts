import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, freePort, temporaryFolder, tidewaiter } from '../support/program.ts'
import { root } from '../support/root.ts'

test('`npm start` brings up the console with this machine live, prints one link, and stops both at Ctrl+C', async () => {
  const data = join(temporaryFolder(), 'data')
  const ports = ['--port', `${await freePort()}`, '--agent-port', `${await freePort()}`]
  const child = spawn('npm', ['start', '--', '--data', data, ...ports], { cwd: root, detached: true })
  // The whole group, as a terminal does.
  const signal = (name: NodeJS.Signals) => process.kill(-(child.pid ?? 0), name)
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) signal('SIGKILL')
  })
  let output = ''
  child.stdout.on('data', (part) => {
    output += part
  })
  child.stderr.on('data', (part) => {
    output += part
  })

  await eventually(async () => expect(output).toMatch(/Open {3}http:\/\/localhost:\d+\/setup#[A-Z0-9]{4}-[A-Z0-9]{4}/))
  await eventually(async () => {
    const hosts = (await tidewaiter(['hosts', '--data', data, '--json'])).json<unknown[]>()
    expect(hosts).toMatchObject([{ name: expect.any(String), lastSeenAt: expect.any(String) }])
    expect((await tidewaiter(['search', 'event.dataset:process', '--data', data])).stdout).not.toBe('')
  })

  const ended = once(child, 'exit')
  signal('SIGINT')
  await ended
  expect(output).toContain('Stopping: the agent seals what it holds')
  // Nobody holds the data folder any more: the command reads it by itself.
  expect((await tidewaiter(['hosts', '--data', data, '--json'])).status).toBe(0)
}, 180_000)

test.each([
  [['--port', 'https'], 'is not a port'],
  [['--nonsense'], '--data DIR'],
])('`npm start -- %s` ends with 2 and says how it is used', async (args, says) => {
  const child = spawn(process.execPath, [join(root, 'packaging/run.mjs'), 'start', ...args], { cwd: root })
  let output = ''
  child.stderr.on('data', (part) => {
    output += part
  })

  const [code] = await once(child, 'exit')

  expect(code).toBe(2)
  expect(output).toContain(says)
})
