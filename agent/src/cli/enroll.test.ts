import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatToken } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { enrolledFolder, startAgent } from '../agent.fixture.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { startFakeConsole } from '../uplink/console.fixture.ts'
import { runCommand } from './command.fixture.ts'
import { doctor } from './doctor.ts'
import { enroll } from './enroll.ts'
import { status } from './status.ts'

test('each step is a line of at most 80 plain characters that ends in ok, and the token stands nowhere', async () => {
  const fake = await startFakeConsole()
  const file = join(temporaryFolder(), 'token')
  writeFileSync(file, `${fake.token}\nnever read`)

  const { status, stdout, stderr } = await runCommand(enroll, ['enroll', '--token-file', file, ...dataOf()])

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const lines = stdout.trimEnd().split('\n')
  const steps = ['resolve', 'connect', 'TLS', 'fingerprint', 'clock', 'token', 'key', 'first batch']
  for (const step of steps)
    expect(lines.filter((line) => line.startsWith(step.padEnd(13)))).toEqual([expect.stringMatching(/ ok$/)])
  expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
  expect(stdout).toContain(`Enrolled as desk-1 (id ${[...fake.hosts.keys()][0]})`)
  expect(stdout).toContain('tidewaiter-agent run --data ')
  expect(stdout).not.toContain(fake.secret)
  expect(stdout).not.toContain(fake.token.slice(4, 20))
})

test('enrolled again, it says how much waited under the old key, and who will not take it', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  await fake.close()
  await startAgent(path).stop()
  const { token } = await startFakeConsole()

  const { status, stdout } = await runCommand(enroll, ['enroll', '--again', '--data', path], { token })

  expect(status).toBe(0)
  expect(stdout.replaceAll('\n', ' ')).toMatch(/ \d batch(es)? waited\..* does not know the old key does not take them/)
})

test('whoever is told how to start it is told with the configuration that was named', async () => {
  const fake = await startFakeConsole()
  const [path, config] = [temporaryFolder(), join(temporaryFolder(), 'agent.yaml')]
  writeFileSync(config, 'files: []\n')
  const command = `tidewaiter-agent run --data ${path} --config ${config}`

  const enrolled = await runCommand(enroll, ['enroll', '--data', path, '--config', config], { token: fake.token })
  const told = await runCommand(status, ['status', '--data', path])
  const examined = await runCommand(doctor, ['doctor', '--data', path, '--json'])

  expect(enrolled.stdout).toContain(`\n  ${command}\n`)
  expect(told.stdout).not.toContain('Sources')
  expect(told.stdout.replaceAll(/\n +/g, ' ')).toContain(`Fix: ${command}`)
  expect(JSON.parse(examined.stdout)).toContainEqual(expect.objectContaining({ name: 'agent', fix: command }))
})

test('with --json the answer is one document', async () => {
  const fake = await startFakeConsole()

  const { stdout } = await runCommand(enroll, ['enroll', '--json', ...dataOf()], { token: fake.token })

  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    host: [...fake.hosts.keys()][0],
    console: fake.address.slice('wss://'.length),
    name: 'desk-1',
    steps: [{ step: 'resolve' }, {}, {}, {}, {}, {}, {}, { step: 'first batch' }],
  })
})

test.each([
  ['token-malformed', 2, 'token', (token: string) => token.slice(0, 40)],
  ['not-reached', 4, 'connect', (_: string, pin: string) => tokenFor('wss://127.0.0.1:1', pin)],
  [
    'fingerprint-wrong',
    5,
    'fingerprint',
    (_: string, __: string, address: string) => tokenFor(address, 'ab'.repeat(32)),
  ],
  ['token-refused', 5, 'token', (_: string, pin: string, address: string) => tokenFor(address, pin)],
])('%s ends with exit code %i, and names the step %s, the cause and the fix', async (code, exit, step, change) => {
  const fake = await startFakeConsole()
  const token = change(fake.token, fake.ca.fingerprint, fake.address)

  const { status, stdout, stderr } = await runCommand(enroll, ['enroll', '--json', ...dataOf()], { token })

  expect(status).toBe(exit)
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, step, code })
  expect(stderr).toMatch(new RegExp(`^${step} .* PROBLEM`))
  expect(Math.max(...stderr.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80)
  expect(stdout + stderr).not.toContain(token.slice(4, 24))
})

test.each([
  ['none', []],
  ['two', ['--token', 'tw1.abc', '--token-file', '/tmp/token']],
  ['a file that is not there', ['--token-file', '/nonexistent/token']],
])('%s instead of one token is a wrong use', async (_, args) => {
  const { status, stderr } = await runCommand(enroll, ['enroll', ...args, ...dataOf()])

  expect(status).toBe(2)
  expect(stderr).toContain('(usage)')
})

test('a configuration that is wrong stops it before the token is used', async () => {
  const fake = await startFakeConsole()
  const config = join(temporaryFolder(), 'agent.yaml')
  writeFileSync(config, 'sources: [nothing]\n')

  const args = ['enroll', '--config', config, ...dataOf()]
  const { status, stderr } = await runCommand(enroll, args, { token: fake.token })

  expect(status).toBe(2)
  expect(stderr).toContain('(config-malformed)')
  expect(fake.asked).toEqual([])
})

function dataOf(): string[] {
  return ['--data', temporaryFolder()]
}

/** A token that no console gave out. */
function tokenFor(address: string, pin: string): string {
  return formatToken({ a: [address], c: pin, i: '00'.repeat(8), s: '11'.repeat(16) })
}
