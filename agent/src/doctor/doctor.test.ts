import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Policy } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { enrolledFolder, eventually, snapshotOf, startAgent } from '../agent.fixture.ts'
import { lookInto } from '../data-folder.ts'
import { refuse } from '../error.ts'
import { newFastHost } from '../fast-host.fixture.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { enrolmentFile, newHostKey, privatePem } from '../identity.ts'
import { readStatus } from '../status.ts'
import { issue, newCa, newPair, pemOf } from '../uplink/certificates.fixture.ts'
import { startFakeConsole } from '../uplink/console.fixture.ts'
import type { Finding } from './finding.ts'
import { examine } from './index.ts'

test('beside a healthy agent there is no problem, and every source that gives nothing has its fix', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const silent = snapshotOf('journal', async function* () {
    yield { source: 'journal:system', state: 'not-enabled', why: 'no journal here', fix: 'apt install systemd' }
  })
  startAgent(path, { collectors: [silent] })
  await eventually(() => readStatus(lookInto(path))?.status).toMatchObject({
    connected: true,
    sources: expect.arrayContaining([expect.objectContaining({ id: 'journal:system' })]),
  })

  const findings = await look(path)

  expect(problems(findings)).toEqual([])
  expect(findings.map(({ name }) => name)).toEqual([
    'data-folder',
    'config',
    'enrolment',
    'key',
    'certificate',
    'resolve',
    'connect',
    'tls',
    'fingerprint',
    'clock',
    'agent',
    'connection',
    'sources',
    'source:journal:system',
    'caps',
    'disk',
    'service',
  ])
  expect(findings).toContainEqual({ name: 'sources', ok: true, says: '0 of 1 are watched' })
  expect(findings).toContainEqual({
    name: 'source:journal:system',
    ok: true,
    says: 'no journal here',
    fix: 'apt install systemd',
  })
})

test('what is not there yet is said with the command that makes it', async () => {
  const findings = await look(join(temporaryFolder(), 'nothing'))

  expect(problems(findings)).toEqual(['data-folder', 'enrolment'])
  expect(findings.map(({ fix }) => fix).join()).toContain('tidewaiter-agent enroll')
})

test('an agent that is offline is a problem, which says why', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  await fake.close()
  startAgent(path)
  await eventually(() => readStatus(lookInto(path))?.status.sources.map(({ id }) => id)).toContain('agent:uplink')

  const findings = await look(path)

  expect(problems(findings)).toEqual(['connect', 'connection'])
  expect(findings.find(({ name }) => name === 'connection')?.says).toContain('ECONNREFUSED')
})

test('an agent that does not run is a problem, whose fix names no service that is not there', async () => {
  const path = await enrolledFolder(await startFakeConsole())

  const findings = await look(path)

  expect(problems(findings)).toEqual(['agent'])
  expect(findings.find(({ name }) => name === 'agent')?.fix).toBe(`tidewaiter-agent run --data ${path}`)
})

test('files that others may read are named', async () => {
  const path = await enrolledFolder(await startFakeConsole())
  chmodSync(join(path, enrolmentFile), 0o644)

  const [folder] = await look(path)

  expect(folder).toMatchObject({ ok: false, says: expect.stringContaining(enrolmentFile), fix: `chmod -R go= ${path}` })
})

test('a key that is not the one of the enrolment is found', async () => {
  const path = await enrolledFolder(await startFakeConsole())
  const { host } = JSON.parse(lookInto(path).read(enrolmentFile)?.toString() ?? '')
  writeFileSync(join(path, `host-key-${host.slice(0, 8)}.pem`), privatePem(newHostKey()))

  expect(problems(await look(path))).toEqual(['key'])
})

test('a certificate that has ended is found', async () => {
  const fake = await startFakeConsole()
  const dates = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') }
  fake.certificateOf = (spki) => issue(fake.ca, spki, { subject: 'CN=host', ...dates })

  expect(problems(await look(await enrolledFolder(fake)))).toEqual(['certificate', 'agent'])
})

test('each step on the way to the console is looked at, up to the one that fails', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const elsewhere = await enrolledFolder(fake, ['wss://127.0.0.1:1'])
  const strange = await startFakeConsole({ ca: await newCa() })
  const misled = await enrolledFolder(fake, [strange.address])

  fake.aheadMs = -3 * 3_600_000
  expect(problems(await look(path))).toEqual(['clock', 'agent'])
  expect(problems(await look(elsewhere))).toEqual(['connect', 'agent'])
  expect(problems(await look(misled))).toEqual(['fingerprint', 'agent'])
  await fake.close()
  expect(problems(await look(path))).toEqual(['connect', 'agent'])
})

test('somebody who shows the certificate of the console without its key is found', async () => {
  const fake = await startFakeConsole()
  const forger = await newCa(newPair())
  const pair = newPair()
  const leaf = await issue(forger, pair.spki, { subject: `CN=${fake.serverName}`, serverName: fake.serverName })
  const thief = await startFakeConsole({ port: { cert: leaf + fake.ca.pem, key: pemOf(pair) }, ca: fake.ca })

  expect(problems(await look(await enrolledFolder(fake, [thief.address])))).toEqual(['tls', 'agent'])
})

test('a volume that is full, a configuration that is wrong and a unit that is off are found', async () => {
  const path = await enrolledFolder(await startFakeConsole())
  const host = {
    ...newFastHost(1),
    space: () => ({ free: 1e6, total: 1e9 }),
    has: (command: string) => command === 'systemctl',
    async *run() {
      yield Buffer.from('LoadState=loaded\nActiveState=inactive\nUnitFileState=disabled\n')
    },
  }
  const readConfig = () => {
    throw refuse('config-malformed', 'agent.yaml, line 3: "disk" is not a setting. Correct it.')
  }

  const findings = await examine({ host, path, readConfig })

  expect(problems(findings)).toEqual(['config', 'agent', 'disk', 'service'])
  expect(findings.at(-1)?.fix).toBe('systemctl enable --now tidewaiter-agent.service')
  expect(findings.find(({ name }) => name === 'agent')?.fix).toBe('systemctl start tidewaiter-agent.service')
})

test('a cap that an agent cannot work within is a problem, and a spool larger than what its volume spares is told', async () => {
  const path = await enrolledFolder(await startFakeConsole())
  const host = { ...newFastHost(1), space: () => ({ free: 500e6, total: 8e9 }) }
  const findings = (caps: Policy['caps']) => examine({ host, path, readConfig: () => ({ ...(caps && { caps }) }) })

  expect(problems(await findings({ memoryMb: 40 }))).toEqual(['agent', 'caps'])
  expect(problems(await findings({ spoolMb: 5 }))).toEqual(['agent', 'caps'])
  const [caps, disk] = (await findings(undefined)).filter(({ name }) => name === 'caps' || name === 'disk')
  expect(caps).toEqual({
    name: 'caps',
    ok: true,
    says: '25 % of one CPU, 200 MB of memory, 1024 MB of spool, 2000 kB/s on the wire',
  })
  expect(disk).toMatchObject({
    ok: true,
    says: expect.stringContaining('all but 100 MB'),
    fix: expect.stringContaining('caps.spoolMb'),
  })
})

test('a folder that disappears from under it is no reason to fail', async () => {
  const path = await enrolledFolder(await startFakeConsole())
  rmSync(path, { recursive: true })

  expect(problems(await look(path))).toEqual(['data-folder', 'enrolment'])
})

function look(path: string): Promise<Finding[]> {
  const readConfig = (): Policy => ({})
  return examine({ host: newFastHost(1), path, readConfig })
}

function problems(findings: readonly Finding[]): string[] {
  return findings.filter(({ ok }) => !ok).map(({ name }) => name)
}
