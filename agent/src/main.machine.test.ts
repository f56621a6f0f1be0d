import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, ownRecords, recordsOf } from './agent.fixture.ts'
import { temporaryFolder } from './folder.fixture.ts'
import { startProgram } from './program.fixture.ts'
import { startFakeConsole } from './uplink/console.fixture.ts'

test('a machine enrols with a token from stdin, takes evidence until it is told to stop, and ends with 0', {
  timeout: 60_000,
}, async () => {
  const fake = await startFakeConsole()
  const folder = temporaryFolder()
  const data = join(folder, 'agent')
  const [log, config] = [join(folder, 'app.log'), join(folder, 'agent.yaml')]
  writeFileSync(log, 'one line\n')
  writeFileSync(config, 'sources: [log-file]\n')

  const enrolling = startProgram(['enroll', '--token', '-', '--data', data, '--config', config])
  enrolling.child.stdin.write(`${fake.token}\n`)
  expect(await enrolling.ended).toBe(0)
  const running = startProgram(['run', '--data', data, '--config', config, '--file', log])
  await eventually(() => fake.host.messages.filter(({ type }) => type === 'state').length).toBe(2)
  // A person watches: what is read is sealed within a second.
  fake.send({ type: 'watch', until: new Date(Date.now() + 60_000).toISOString() })
  await eventually(() => recordsOf(fake.host.line, `log-file:${log}`)).toEqual(['one line'])
  running.child.kill('SIGTERM')

  expect(await running.ended).toBe(0)
  expect(ownRecords(fake.host.line, 'agent:run', 'stopped')).toHaveLength(2)
  const files = readdirSync(data).map((name) => join(data, name))
  expect(files.filter((file) => (statSync(file).mode & 0o777) !== 0o600)).toEqual([])
  expect(statSync(data).mode & 0o777).toBe(0o700)
  const written = [...files.map((file) => readFileSync(file, 'latin1')), enrolling.output(), running.output()].join()
  expect(written).not.toContain(fake.secret)
  expect(written).not.toContain(fake.token.slice(4, 30))
})

test('a wrong use ends with 2 and shows no token back', async () => {
  const wrong = [['nothing'], ['enroll', '--tokn=tw1.c2VjcmV0'], ['run', 'tw1.c2VjcmV0']]
  const programs = wrong.map(startProgram)

  expect(await Promise.all(programs.map(({ ended }) => ended))).toEqual([2, 2, 2])
  expect(programs.map(({ output }) => output()).join()).not.toContain('c2VjcmV0')
})
