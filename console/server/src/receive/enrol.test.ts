import { hash, X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { enrolBytes, paths } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { newCsr } from '../keys/csr.fixture.ts'
import { ask, connected, connection, enrolled, enrolRequest, TestHost } from './agent.fixture.ts'
import { startConsole, type TestConsole } from './receive.fixture.ts'
import { revokeHost } from './revoke.ts'
import { revokeToken } from './tokens.ts'

const post = (console: TestConsole, body: unknown) => ask(console, { method: 'POST', path: paths.enrol, body })
const act = { who: 'admin@broker.example', at: '2026-11-24T12:00:00.000Z' }

test('a host with a good token and a key of its own gets a certificate, and is watched until its first batch', async () => {
  const console = await startConsole()
  const host = new TestHost()
  const body = await enrolRequest(console, host)

  const { status, body: reply } = await post(console, body)

  expect([status, reply.host]).toEqual([200, host.id])
  const certificate = new X509Certificate(reply.certificate)
  expect(certificate.checkIssued(new X509Certificate(console.deps.keys.caCertificate))).toBe(true)
  expect(await console.host(host.id)).toMatchObject({ name: 'WS-014', state: 'active', token_id: body.token })
  const [attempt] = await console.attempts()
  expect(attempt).toMatchObject({ step: 'key', code: null, name: 'WS-014', host: host.id, token_id: body.token })
  const audit = await console.deps.store.selectFrom('audit').select(['who', 'act']).orderBy('no').execute()
  expect(audit.at(-1)).toEqual({ who: `token ${body.token}`, act: 'host.enrol' })

  host.certificate = reply.certificate
  const agent = await connected(console, host)
  agent.send(...host.seal())
  await agent.acked(1)
  await expect.poll(async () => (await console.attempts())[0]?.step).toBe('first-batch')
})

test('a token is refused when it is unknown, wrong, expired, revoked or used up, and the attempt says which', async () => {
  const console = await startConsole()
  const wrong = await enrolRequest(console, new TestHost(), { secret: '0'.repeat(32) })
  const unknown = await enrolRequest(console, new TestHost(), { token: '0'.repeat(16) })
  const revoked = await enrolRequest(console, new TestHost())
  await revokeToken(console.deps.store, revoked.token, { who: act.who, nowMs: Date.now() })
  const usedUp = await enrolRequest(console, new TestHost(), await console.token({ uses: 1 }))
  await post(console, { ...usedUp, csr: await new TestHost().csr() })
  const expired = await enrolRequest(console, new TestHost(), await console.token({ expires: '30m' }))
  const refused = []
  for (const body of [wrong, unknown, revoked, usedUp]) refused.push(await post(console, body))
  console.aheadMs = 31 * 60_000
  refused.push(await post(console, expired))

  expect(refused.map(({ status, body }) => [status, body.code])).toEqual(Array(5).fill([403, 'token-refused']))
  // Who does not know the secret is not told whether there is such a token, or what became of it.
  expect(refused[0]?.body.says).toBe(refused[1]?.body.says)
  expect(refused[2]?.body.says).not.toBe(refused[0]?.body.says)
  const failed = async () => (await console.attempts()).filter(({ code }) => code !== null)
  await expect.poll(async () => (await failed()).length).toBe(5)
  for (const { step, code } of await failed()) expect([step, code]).toEqual(['token', 'token-refused'])
  expect((await failed()).map(({ says }) => /secret|No token|revoked|used up|ended/.exec(says ?? '')?.[0])).toEqual([
    'secret',
    'No token',
    'revoked',
    'used up',
    'ended',
  ])
  expect(await console.deps.store.selectFrom('host').select('id').execute()).toHaveLength(1)
})

test('uses are counted once for each host, however many ask at the same time', async () => {
  const console = await startConsole()
  const token = await console.token({ uses: 3 })
  const bodies = await Promise.all(
    Array.from({ length: 8 }, async () => ({ ...(await enrolRequest(console, new TestHost())), ...token })),
  )

  const answers = await Promise.all(bodies.map((body) => post(console, body)))

  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 403, 403, 403, 403, 403])
  const { store } = console.deps
  const row = await store.selectFrom('token').select('used').where('id', '=', token.token).executeTakeFirstOrThrow()
  expect(row.used).toBe(3)
})

test('an answer that was lost can be asked for again by the same key without another use', async () => {
  const console = await startConsole()
  const body = await enrolRequest(console, new TestHost(), await console.token({ uses: 1 }))

  const answers = [await post(console, body), await post(console, body)]

  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(await console.deps.store.selectFrom('host').select('id').execute()).toHaveLength(1)
})

test('a request for a key that is not P-256, not signed with it, or no request at all is refused at the key', async () => {
  const console = await startConsole()
  const { csr } = await newCsr()
  const forged = csr.with(csr.length - 1, (csr.at(-1) ?? 0) ^ 1)
  const requests = [Buffer.from(forged).toString('base64'), Buffer.from('not a request').toString('base64'), 'äöü']

  for (const wrong of requests) {
    const { status, body } = await post(console, await enrolRequest(console, new TestHost(), { csr: wrong }))
    expect([status, body.code]).toEqual([400, 'csr-refused'])
  }

  await expect
    .poll(async () => (await console.attempts()).map(({ step, code }) => [step, code]))
    .toEqual(Array(requests.length).fill(['key', 'csr-refused']))
})

test('what is no request to enrol is refused before anything is looked up', async () => {
  const console = await startConsole()
  const good = await enrolRequest(console, new TestHost())

  for (const body of ['', '{', '[]', { ...good, more: 1 }, { ...good, token: 'x' }, { ...good, name: 'x'.repeat(201) }])
    expect((await post(console, body)).body.code).toBe('input-malformed')
  const large = await post(console, { ...good, name: 'x'.repeat(enrolBytes) })
  expect([large.status, large.body.code]).toEqual([413, 'frame-too-large'])
})

test('a name cannot carry control characters into tables and terminals', async () => {
  const console = await startConsole()
  const host = new TestHost()

  await post(console, await enrolRequest(console, host, { name: 'WS\u001b[2J\n\u0000-014' }))

  expect((await console.host(host.id)).name).toBe('WS\ufffd[2J\ufffd\ufffd-014')
})

test('a revoked key is not enrolled again, whatever token it has', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  await revokeHost({ ...console.deps, receive: console.receive }, host.id, act)

  const { status, body } = await post(console, await enrolRequest(console, host))

  expect([status, body.code]).toEqual([403, 'host-revoked'])
})

test('the port tells the time, shows the CA of the token, and has no other path', async () => {
  const console = await startConsole()
  console.aheadMs = 3_600_000

  const time = await ask(console, { path: paths.time })

  expect(Math.abs(Date.parse(time.body.receivedAt) - Date.now() - 3_600_000)).toBeLessThan(5_000)
  for (const [method, path] of [
    ['GET', '/'],
    ['POST', paths.time],
    ['GET', paths.enrol],
    ['GET', paths.agent],
    ['GET', `${paths.time}?x`],
    ['DELETE', '/api/v1/hosts'],
  ] as const)
    expect((await ask(console, { method, path })).status).toBe(404)
  expect(await pinOf(console)).toBe(console.deps.keys.caFingerprint)
})

/** SHA-256 of the public key of the last certificate the port shows, as a new agent looks at it. */
function pinOf(console: TestConsole): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connect({ ...connection(console), rejectUnauthorized: false }, () => {
    let last = socket.getPeerCertificate(true)
    while (last.issuerCertificate !== undefined && last.issuerCertificate !== last) last = last.issuerCertificate
    const spki = new X509Certificate(last.raw).publicKey.export({ format: 'der', type: 'spki' })
    resolve(hash('sha256', spki))
    socket.destroy()
  })
  return promise
}

test('no session is resumed: every connection proves its key anew', async () => {
  const console = await startConsole()
  const host = await enrolled(console)
  const handshake = (session?: Buffer) => {
    const { promise, resolve } = Promise.withResolvers<{ session: Buffer | undefined; isReused: boolean }>()
    let session2: Buffer | undefined
    const socket = connect({ ...connection(console, host), ...(session !== undefined && { session }) })
    socket.on('session', (next) => {
      session2 = next
    })
    socket.write(`GET ${paths.time} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    socket.resume()
    socket.on('end', () => resolve({ session: session2, isReused: socket.isSessionReused() }))
    return promise
  }

  const first = await handshake()
  const second = await handshake(first.session)

  expect([first.isReused, second.isReused]).toEqual([false, false])
})

test('TLS below 1.3 is not spoken', async () => {
  const console = await startConsole()
  const { promise, resolve } = Promise.withResolvers<string>()

  const socket = connect({ ...connection(console), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })
  socket.on('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? ''))

  expect(await promise).toMatch(/PROTOCOL_VERSION/)
})

test('an address that asks for too much that is refused is not answered for a while', async () => {
  const console = await startConsole()

  const statuses = []
  for (let i = 0; i < 40; i++) statuses.push((await ask(console, { path: '/nothing' })).status)

  expect(new Set(statuses)).toEqual(new Set([404, 429]))
  expect(statuses.indexOf(429)).toBeGreaterThan(20)
})
