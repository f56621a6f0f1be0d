import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { formatToken, paths, serverNameOf } from '@tidewaiter/protocol'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { eventually, recordsOf, snapshotOf, startAgent } from './agent.fixture.ts'
import { toChunk } from './chunk.ts'
import { holdDataFolder, lookInto } from './data-folder.ts'
import { type EnrolOptions, enrol } from './enrol.ts'
import { newFastHost } from './fast-host.fixture.ts'
import { temporaryFolder } from './folder.fixture.ts'
import { readIdentity } from './identity.ts'
import { readStatus } from './status.ts'
import { type Ca, issue, newCa, newPair, pemOf } from './uplink/certificates.fixture.ts'
import { type FakeConsole, startFakeConsole } from './uplink/console.fixture.ts'

const steps = ['resolve', 'connect', 'TLS', 'fingerprint', 'clock', 'token', 'key', 'first batch']

test('a machine is enrolled when the console has acknowledged its first batch', async () => {
  const fake = await startFakeConsole()
  const machine = newMachine()

  const { host } = await machine.enrol(fake.token)

  expect(machine.steps).toEqual(steps)
  expect([...fake.hosts.keys()]).toEqual([host])
  expect(fake.host.line.length).toBeGreaterThan(0)
  const { enrolment, key } = readIdentity(lookInto(machine.path))
  expect({ host: key.host, addresses: enrolment.addresses }).toEqual({ host, addresses: [fake.address] })
  expect(readStatus(lookInto(machine.path))?.status).toMatchObject({ connected: false, spool: { unacked: 0 } })
})

test('the run of an enrolment says that it ended with it, to the console and to the run after it', async () => {
  const fake = await startFakeConsole()
  const machine = newMachine()
  await machine.enrol(fake.token)
  const agent = startAgent(machine.path)
  await eventually(() => recordsOf(fake.host.line, 'agent:run').length).toBeGreaterThan(3)
  await agent.stop()

  const [, , stopped, started] = recordsOf(fake.host.line, 'agent:run').map((record) => JSON.parse(record.toString()))
  expect(stopped).toMatchObject({ kind: 'stopped', cause: 'enrolled' })
  expect(started).toMatchObject({ kind: 'started', before: { ended: 'enrolled' } })
})

test('a clock that is days off is no obstacle, and stands in the first header', async () => {
  const fake = await startFakeConsole()
  fake.aheadMs = 3 * 24 * 3_600_000
  const machine = newMachine()

  await machine.enrol(fake.token)

  const { ms } = fake.host.line[0]?.header.clockOffset ?? { ms: 0 }
  expect(ms / 3_600_000).toBeCloseTo(-72, 0)
  expect(machine.says.get('clock')).toContain('behind the console')
})

test('what the token says is all that decides whom a machine trusts: every address is tried, the first honest one serves', async () => {
  const fake = await startFakeConsole()
  const stranger = await startFakeConsole()
  const machine = newMachine()
  const dead = `wss://127.0.0.1:${await freePort()}`

  const { address } = await machine.enrol(tokenOf(fake, [dead, stranger.address, fake.address]))

  expect(address).toBe(fake.address)
  expect(stranger.asked).toEqual([])
})

test.each([
  ['cut off', (token: string) => token.slice(0, -9)],
  ['of another product', (token: string) => token.replace('tw1.', 'tw2.')],
  ['empty', () => ''],
  ['endless', (token: string) => token + 'A'.repeat(1_000_000)],
])('a token that is %s is refused before anything is done', async (_, change) => {
  const fake = await startFakeConsole()
  const machine = newMachine()

  await expect(machine.enrol(change(fake.token))).rejects.toMatchObject({ code: 'token-malformed' })

  expect(machine.steps).toEqual([])
  expect(readdirSync(machine.path)).toEqual(['lock.db'])
})

test('a console whose name has no address is not resolved', async () => {
  const fake = await startFakeConsole()
  const machine = newMachine()

  const enrolling = machine.enrol(tokenOf(fake, ['wss://console.invalid:8444']))

  await expect(enrolling).rejects.toMatchObject({ code: 'not-resolved' })
})

test('a port at which nothing answers is not reached', async () => {
  const fake = await startFakeConsole()
  const machine = newMachine()

  const enrolling = machine.enrol(tokenOf(fake, [`wss://127.0.0.1:${await freePort()}`]))

  await expect(enrolling).rejects.toMatchObject({ code: 'not-reached' })
  expect(machine.steps).toEqual(['resolve'])
})

test.each([
  ['HTTP', () => createHttpServer((_, response) => response.end('hello'))],
  ['SSH', () => createServer((socket) => socket.on('error', () => {}).write('SSH-2.0-OpenSSH_9.2p1\r\n'))],
  ['nothing at all', () => createServer(() => {})],
])('a port that speaks %s is no agent port', async (_, newServer) => {
  const fake = await startFakeConsole()
  const machine = newMachine({ speed: 50 })

  const enrolling = machine.enrol(tokenOf(fake, [await listen(newServer())]))

  await expect(enrolling).rejects.toMatchObject({ code: 'tls-broken' })
  expect(machine.steps).toEqual(['resolve', 'connect'])
})

test('a port that speaks an old TLS is no agent port', async () => {
  const fake = await startFakeConsole()
  const { server } = await newTlsServer({ ...(await leafOf(fake.ca)), maxVersion: 'TLSv1.2' })
  const machine = newMachine()

  await expect(machine.enrol(tokenOf(fake, [server]))).rejects.toMatchObject({ code: 'tls-broken' })
})

test('a console of another CA than the token names gets nothing, and its fingerprint is shown beside the right one', async () => {
  const fake = await startFakeConsole()
  const other = await newTlsServer(await leafOf(await newCa()))
  const machine = newMachine()

  const enrolling = machine.enrol(tokenOf(fake, [other.server]))

  await expect(enrolling).rejects.toMatchObject({
    code: 'fingerprint-wrong',
    says: expect.stringContaining(fake.ca.fingerprint.slice(0, 4)),
  })
  expect(other.heard()).toBe('')
})

test.each([
  ['a foreign key', {}],
  ['a foreign key, and expired', { notBefore: new Date('2001-01-01'), notAfter: new Date('2002-01-01') }],
])(
  'the CA certificate of the console behind a certificate signed by %s of the same name is refused',
  async (_, dates) => {
    const fake = await startFakeConsole()
    const forged = await leafOf(await newCa(newPair()), { ...dates, serverName: fake.serverName })
    const thief = await newTlsServer({ ...forged, cert: forged.leaf + fake.ca.pem })
    const machine = newMachine()

    await expect(machine.enrol(tokenOf(fake, [thief.server]))).rejects.toMatchObject({ code: 'tls-refused' })

    expect(machine.steps).toEqual(['resolve', 'connect'])
    expect(thief.heard()).toBe('')
  },
)

test('the certificate of another host of the same console does not make a console', async () => {
  const fake = await startFakeConsole()
  const pair = newPair()
  const { certificate } = await fake.admit(pair.spki)
  const thief = await newTlsServer({ cert: certificate + fake.ca.pem, key: pemOf(pair) })
  const machine = newMachine()

  await expect(machine.enrol(tokenOf(fake, [thief.server]))).rejects.toMatchObject({ code: 'tls-refused' })
  expect(thief.heard()).toBe('')
})

test('a certificate of the right CA for another name does not make a console', async () => {
  const fake = await startFakeConsole()
  const thief = await newTlsServer(await leafOf(fake.ca, { serverName: 'other.tidewaiter' }))
  const machine = newMachine()

  await expect(machine.enrol(tokenOf(fake, [thief.server]))).rejects.toMatchObject({ code: 'tls-refused' })
  expect(thief.heard()).toBe('')
})

test.each([
  ['silence', 'silence'],
  ['no JSON', { status: 200, body: '<html>' }],
  ['JSON without the time', { status: 200, body: { receivedAt: 'now' } }],
  ['an error', { status: 500, body: {} }],
] as const)(
  'a console that answers the question for its time with %s is refused by the step clock',
  async (_, answer) => {
    const fake = await startFakeConsole()
    fake.answers.set(paths.time, answer)
    const machine = newMachine({ speed: 40 })

    await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code: 'clock-unreadable' })

    expect(machine.steps).toEqual(steps.slice(0, 4))
    expect(fake.asked).toEqual([paths.time])
  },
)

test.each([
  ['silence', 'silence', 'token-unanswered'],
  ['no JSON', { status: 200, body: '{"host":' }, 'token-unanswered'],
  ['another shape', { status: 200, body: { host: 'me' } }, 'token-unanswered'],
  ['a redirect', { status: 302, body: '' }, 'token-unanswered'],
  ['a refusal of the token', { status: 403, body: { code: 'token-refused', says: 'It is used up.' } }, 'token-refused'],
  ['another refusal', { status: 400, body: { code: 'request-malformed', says: 'No key.' } }, 'key-refused'],
] as const)('a console that answers the enrolment with %s is refused by its step', async (_, answer, code) => {
  const fake = await startFakeConsole()
  fake.answers.set(paths.enrol, answer)
  const machine = newMachine({ speed: 40 })

  await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code })

  expect(machine.steps).toEqual(steps.slice(0, 5))
})

test.each([
  [paths.time, 'clock-unreadable'],
  [paths.enrol, 'token-unanswered'],
])('an answer to %s without end is cut off at its limit', async (path, code) => {
  const fake = await startFakeConsole()
  fake.answers.set(path, 'endless')
  const machine = newMachine({ speed: 1 })

  const says = expect.stringContaining('more than 32768 bytes')
  await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code, says })
})

test('a wrong secret is refused by the console, and nothing a refusal says holds it', async () => {
  const fake = await startFakeConsole()
  const secret = 'cd'.repeat(16)
  const token = formatToken({ a: [fake.address], c: fake.ca.fingerprint, i: '0123456789abcdef', s: secret })
  const machine = newMachine()

  const refusal = await machine.enrol(token).catch((cause) => cause)

  expect(refusal.code).toBe('token-refused')
  expect(`${refusal.stack}${refusal.says}`).not.toContain(secret)
})

test('a certificate that is for another key is not taken', async () => {
  const fake = await startFakeConsole()
  const stranger = newPair().spki
  fake.certificateOf = () => issue(fake.ca, stranger, { subject: 'CN=host' })
  const machine = newMachine()

  await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code: 'key-refused' })
  expect(readdirSync(machine.path).filter((name) => name.endsWith('.pem'))).toEqual([])
})

test('an enrolment that was cut off before its certificate came goes on with the same key', async () => {
  const fake = await startFakeConsole()
  const machine = newMachine({ speed: 40 })
  fake.answers.set(paths.enrol, { status: 200, body: 'cut off' })
  await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code: 'token-unanswered' })
  const [key] = readdirSync(machine.path).filter((name) => name.endsWith('.pem'))
  expect(key).toBe('host-key-new.pem')

  fake.answers.delete(paths.enrol)
  const { host } = await machine.enrol(fake.token)

  expect(readdirSync(machine.path).filter((name) => name.endsWith('.pem'))).toEqual([
    `host-key-${host.slice(0, 8)}.pem`,
  ])
  expect(fake.hosts.size).toBe(1)
})

test('an enrolment whose first batch was not acknowledged goes on from there, and costs no second use of the token', async () => {
  const fake = await startFakeConsole()
  fake.answer = () => 'withhold'
  const machine = newMachine({ speed: 100 })
  await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code: 'first-batch-unanswered' })
  expect(machine.steps).toEqual(steps.slice(0, 7))

  fake.answer = () => 'ack'
  await machine.enrol(fake.token)

  expect(machine.steps).toEqual(steps.filter((step) => step !== 'token'))
  expect(fake.asked.filter((path) => path === paths.enrol)).toHaveLength(1)
  expect(fake.hosts.size).toBe(1)
})

test('a host that the console does not let in learns so at its first batch', async () => {
  const fake = await startFakeConsole()
  const admit = fake.admit.bind(fake)
  fake.admit = async (spki, lineage) => {
    const admitted = await admit(spki, lineage)
    fake.hosts.clear()
    return admitted
  }
  const machine = newMachine()

  await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code: 'first-batch-refused' })
})

test('a folder that is enrolled is left as it is, and the token unused', async () => {
  const fake = await startFakeConsole()
  const machine = newMachine()
  await machine.enrol(fake.token)
  const before = readIdentity(lookInto(machine.path))
  const asked = fake.asked.length

  await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code: 'already-enrolled' })

  expect(readIdentity(lookInto(machine.path))).toEqual(before)
  expect(fake.asked).toHaveLength(asked)
})

test('a folder that is enrolled is known by its spool, with the status gone and with the spool damaged', async () => {
  const fake = await startFakeConsole()
  const machine = newMachine()
  await machine.enrol(fake.token)
  const before = readIdentity(lookInto(machine.path))

  rmSync(join(machine.path, 'status.json'))
  await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code: 'already-enrolled' })

  writeFileSync(join(machine.path, 'spool.db'), 'no database '.repeat(500))
  for (let i = 0; i < 2; i++)
    await expect(machine.enrol(fake.token)).rejects.toMatchObject({ code: 'already-enrolled' })
  expect(readIdentity(lookInto(machine.path))).toEqual(before)
})

test('enrolled again, a machine has a new key and a chain that names the end of the old one; what waited there is lost by name', async () => {
  const fake = await startFakeConsole()
  const machine = newMachine()
  const { host: old } = await machine.enrol(fake.token)
  await fake.close()
  const collector = snapshotOf('process', async function* () {
    const head = { source: 'process', start: { number: 0 }, readAt: '2026-11-24T10:00:00.000Z', method: 'test' }
    const chunk = toChunk({ ...head, unit: 'row', lf: true }, [Buffer.from('unsent')])
    yield { source: 'process', chunks: [chunk], next: { number: 1 } }
  })
  const agent = startAgent(machine.path, { collectors: [collector] })
  await eventually(() => readStatus(lookInto(machine.path))?.status.spool.unacked).toBeGreaterThan(1)
  await agent.stop()
  const other = await startFakeConsole()

  const waited = readStatus(lookInto(machine.path))?.status.spool.unacked

  const { host, waiting } = await machine.enrol(other.token, { again: true })

  expect(host).not.toBe(old)
  expect(waiting).toBe(waited)
  expect(readdirSync(machine.path).filter((name) => name.endsWith('.pem'))).toEqual([
    `host-key-${host.slice(0, 8)}.pem`,
  ])
  const [first] = other.host.line
  expect(first?.header).toMatchObject({ seq: 1, prev: null, lineage: { host: old } })
  expect(other.host.lineage).toEqual(first?.header.lineage)
  // The other console does not take what was sealed under the key that the first one knows.
  const again = startAgent(machine.path)
  const cause = expect.stringContaining('chain ended')
  const loss = expect.objectContaining({ source: 'process', count: expect.any(Number), cause })
  await eventually(() => other.host.line.flatMap(({ header }) => header.lost)).toContainEqual(loss)
  await again.stop()
  expect(recordsOf(other.host.line, 'process')).toEqual([])
})

/** The token of a console with other addresses. */
function tokenOf({ ca, secret }: FakeConsole, addresses: string[]): string {
  return formatToken({ a: addresses, c: ca.fingerprint, i: '0123456789abcdef', s: secret })
}

/** Certificate chain and key of an agent port of this CA. */
async function leafOf(ca: Ca, wanted: { notBefore?: Date; notAfter?: Date; serverName?: string } = {}) {
  const pair = newPair()
  const serverName = wanted.serverName ?? serverNameOf(ca.fingerprint)
  const leaf = await issue(ca, pair.spki, { ...wanted, subject: `CN=${serverName}`, serverName })
  return { leaf, cert: leaf + ca.pem, key: pemOf(pair) }
}

/** A TLS server that shows what it is told to, and keeps what it hears. */
async function newTlsServer({ cert, key, maxVersion }: TlsOptions) {
  let text = ''
  const server = createTlsServer({ cert, key, ...(maxVersion !== undefined && { maxVersion }) }, (socket) => {
    socket
      .on('error', () => {})
      .on('data', (part) => {
        text += part
      })
  })
  return { server: await listen(server), heard: () => text }
}

/** Its address, as a token names it. */
async function listen(server: Server): Promise<string> {
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => sockets.add(socket))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `wss://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A machine with an empty data folder, and what its enrolments tell. */
function newMachine({ speed = 10 } = {}) {
  const path = temporaryFolder()
  const machine = {
    path,
    steps: [] as string[],
    says: new Map<string, string>(),
    async enrol(token: string, options: Partial<EnrolOptions> = {}) {
      machine.steps = []
      const folder = holdDataFolder(path)
      const report: EnrolOptions['report'] = ({ step, says }) => {
        machine.steps.push(step)
        machine.says.set(step, says)
      }
      const log = pino({ level: 'silent' })
      const host = newFastHost(speed)
      try {
        return await enrol({ host, folder, config: {}, log, token, again: false, report, ...options })
      } finally {
        folder.release()
      }
    },
  }
  return machine
}
