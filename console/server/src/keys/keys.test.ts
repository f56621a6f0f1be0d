import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, verify, X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@tidewaiter/protocol'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { newCsr } from './csr.fixture.ts'
import { openKeys } from './keys.ts'
import { openSealed } from './recovery.ts'
import { loadSecrets } from './secrets.ts'

const nowMs = Date.parse('2026-11-24T12:00:00Z')
const now = () => nowMs
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

test('a first run makes every key, and a later one loads the same', async () => {
  const dir = newFolder()

  const first = await openKeys(dir, now)
  const later = await openKeys(dir, now)

  expect(later.cards().filter(({ name }) => name !== 'recovery')).toEqual(
    first.cards().filter(({ name }) => name !== 'recovery'),
  )
  expect(first.cards().map(({ name }) => name)).toEqual([
    'ca',
    'agent-port',
    'ledger',
    'package',
    'intake',
    'collection',
    'recovery',
  ])
  expect(new Set(first.cards().map(({ fingerprint }) => fingerprint)).size).toBe(7)
  expect(later.masterKey).toEqual(first.masterKey)
  expect(loadSecrets(dir)).toEqual({ masterKey: first.masterKey, indexKey: first.indexKey })
})

test.skipIf(process.platform === 'win32')('only the owner can enter the folder and read the files', async () => {
  const dir = newFolder()
  chmodSync(dir, 0o755)

  await openKeys(dir, now)

  expect(statSync(dir).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(dir)) expect([name, statSync(join(dir, name)).mode & 0o777]).toEqual([name, 0o600])
})

test('a missing or broken key file is named, and no new key is made in its place', async () => {
  const dir = newFolder()
  await openKeys(dir, now)
  const ledger = readFileSync(join(dir, 'ledger.pem'))

  rmSync(join(dir, 'ledger.pem'))
  const missing = openKeys(dir, now)
  await expect(missing).rejects.toMatchObject({ code: 'keys-damaged', says: expect.stringContaining('ledger.pem') })
  expect(existsSync(join(dir, 'ledger.pem'))).toBe(false)

  writeFileSync(join(dir, 'ledger.pem'), ledger.subarray(0, 60))
  await expect(openKeys(dir, now)).rejects.toMatchObject({ code: 'keys-damaged' })
})

test('a first run that died half way is made anew', async () => {
  const dir = newFolder()
  await openKeys(dir, now)
  writeFileSync(join(dir, 'creating'), '')
  rmSync(join(dir, 'master.key'))

  const keys = await openKeys(dir, now)

  expect(keys.masterKey).toHaveLength(32)
  expect(existsSync(join(dir, 'creating'))).toBe(false)
})

test('the certificates of CA and agent port hold for any clock and for the one server name', async () => {
  const { caCertificate, agentPort, caFingerprint } = await openKeys(newFolder(), now)

  const ca = new X509Certificate(caCertificate)
  const port = new X509Certificate(agentPort.certificate)

  expect([ca.validFrom, ca.validTo]).toEqual(['Jan  1 00:00:00 2000 GMT', 'Dec 31 23:59:59 9999 GMT'])
  expect([port.validFrom, port.validTo]).toEqual([ca.validFrom, ca.validTo])
  expect(port.checkHost(agentPort.serverName)).toBe(agentPort.serverName)
  expect(agentPort.serverName).toBe(`${caFingerprint.slice(0, 16)}.tidewaiter`)
  expect(port.verify(ca.publicKey) && port.checkIssued(ca) && ca.ca && !port.ca).toBe(true)
})

test('openssl accepts the certificate of a host for a client of this CA', async () => {
  const dir = newFolder()
  const keys = await openKeys(dir, now)
  const { csr, publicKey } = await newCsr()
  const { hostId } = await keys.readHostKey(csr)

  const { certificate, expiresAt } = await keys.issueHostCertificate({ csr, hostId, nowMs })

  const leaf = new X509Certificate(certificate)
  expect(expiresAt).toBe('2027-11-24T12:00:00.000Z')
  expect([leaf.validFrom, leaf.validTo]).toEqual(['Nov 23 12:00:00 2026 GMT', 'Nov 24 12:00:00 2027 GMT'])
  expect(leaf.publicKey.export({ format: 'der', type: 'spki' })).toEqual(Buffer.from(publicKey))
  writeFileSync(join(dir, 'ca.crt'), keys.caCertificate)
  writeFileSync(join(dir, 'host.crt'), certificate)
  const at = String(nowMs / 1000)
  const args = ['verify', '-attime', at, '-purpose', 'sslclient', '-CAfile', join(dir, 'ca.crt'), join(dir, 'host.crt')]
  expect(execFileSync('openssl', args).toString()).toContain('OK')
})

test('a request for another key than the one of the host gets no certificate', async () => {
  const keys = await openKeys(newFolder(), now)
  const { csr } = await newCsr()
  const { hostId } = await keys.readHostKey((await newCsr()).csr)

  await expect(keys.issueHostCertificate({ csr, hostId, nowMs })).rejects.toMatchObject({ code: 'csr-refused' })
})

test('requests with another curve, algorithm or signature are refused by name', async () => {
  const keys = await openKeys(newFolder(), now)
  const { csr } = await newCsr()
  const swapped = csr.slice()
  const last = swapped.length - 1
  swapped[last] = (swapped[last] ?? 0) ^ 1

  const refused = [
    swapped,
    await requestOf('ec:P-384'),
    await requestOf('rsa'),
    await requestOf('ec:P-256', 'SHA-384'),
    new Uint8Array(5000),
    new Uint8Array(0),
    Buffer.alloc(4000, 0x30),
  ]

  for (const request of refused) await expect(keys.readHostKey(request)).rejects.toMatchObject({ code: 'csr-refused' })
})

test('no bytes make reading a request throw anything but csr-refused', async () => {
  const keys = await openKeys(newFolder(), now)
  const { csr } = await newCsr()
  const key = toHex((await keys.readHostKey(csr)).publicKey)
  const change = fc.tuple(fc.nat(csr.length - 1), fc.integer({ min: 1, max: 255 }))

  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const bytes = csr.slice()
      for (const [at, bits] of changes) bytes[at] = (bytes[at] ?? 0) ^ bits
      const read = await keys.readHostKey(bytes).then(
        ({ publicKey }) => toHex(publicKey),
        ({ code }) => code,
      )
      // DER read leniently has several spellings; what counts is that no other key gets in.
      expect(['csr-refused', key]).toContain(read)
    }),
    { numRuns: 200 },
  )
})

test('what a key signs is checked by its public half', async () => {
  const keys = await openKeys(newFolder(), now)
  const data = Buffer.from('head')

  for (const name of ['ledger', 'package', 'intake'] as const) {
    const key = createPublicKey({ key: Buffer.from(keys.publicKey(name)), format: 'der', type: 'spki' })
    expect(verify('sha256', data, { key, dsaEncoding: 'der' }, keys.sign(name, data))).toBe(true)
  }
})

test('the recovery key is given once, opens the sealed keys, and one that nobody took is replaced at the next start', async () => {
  const dir = newFolder()
  const unseen = (await openKeys(dir, now)).recovery.recipient()

  const keys = await openKeys(dir, now)
  const recoveryKey = keys.takeRecoveryKey() ?? ''
  const again = await openKeys(dir, now)

  expect(keys.recovery.recipient()).not.toBe(unseen)
  expect(recoveryKey).toMatch(/^AGE-SECRET-KEY-1/)
  expect(keys.takeRecoveryKey()).toBeUndefined()
  expect([again.takeRecoveryKey(), again.recovery.waits()]).toEqual([undefined, false])
  expect(again.recovery.recipient()).toBe(keys.recovery.recipient())
  const material = await openSealed(again.recovery.file(), { recoveryKey })
  expect(material['master.key']?.trim()).toBe(Buffer.from(keys.masterKey).toString('hex'))
})

test('the private half of the recovery pair is in no file', async () => {
  const dir = newFolder()
  const keys = await openKeys(dir, now)
  const recoveryKey = keys.takeRecoveryKey() ?? 'none'

  for (const name of readdirSync(dir)) expect(readFileSync(join(dir, name)).includes(recoveryKey)).toBe(false)
})

test('a new recovery key takes the place of the one before, and the file is sealed for it alone', async () => {
  const dir = newFolder()
  const keys = await openKeys(dir, now)
  const before = keys.takeRecoveryKey() ?? ''
  const fileBefore = keys.recovery.file()

  await keys.renewRecovery()
  const recoveryKey = keys.takeRecoveryKey() ?? ''

  const file = keys.recovery.file()
  expect((await openSealed(file, { recoveryKey }))['master.key']).toBeDefined()
  await expect(openSealed(file, { recoveryKey: before })).rejects.toMatchObject({ code: 'keys-damaged' })
  expect((await openSealed(fileBefore, { recoveryKey: before }))['master.key']).toBeDefined()
  expect((await openKeys(dir, now)).recovery.recipient()).toBe(keys.recovery.recipient())
})

test('two rotations and a new recovery key at the same moment lose no public half, and all of it is sealed', async () => {
  const keys = await openKeys(newFolder(), now)
  const before = keys.publicKey('package')

  await Promise.all([keys.rotate('package'), keys.renewRecovery(), keys.rotate('package')])

  expect(keys.retired('package').map(({ publicKey }) => publicKey)).toHaveLength(2)
  expect(keys.retired('package')[0]?.publicKey).toEqual(Buffer.from(before))
  const recoveryKey = keys.takeRecoveryKey() ?? ''
  const material = await openSealed(keys.recovery.file(), { recoveryKey })
  expect(material['package.pem']).toBe(readFileSync(join(keys.dir, 'package.pem'), 'utf8'))
})

test('where evidence is, an empty keys folder is damage and no first run', async () => {
  const dir = newFolder()

  await expect(openKeys(dir, now, { mayCreate: false })).rejects.toMatchObject({ code: 'keys-damaged' })
  expect(readdirSync(dir)).toEqual([])
})

test('rotation keeps the old public half and seals the new private one for recovery', async () => {
  const dir = newFolder()
  const keys = await openKeys(dir, now)
  const recoveryKey = keys.takeRecoveryKey() ?? ''
  const before = keys.publicKey('package')
  const certificateBefore = keys.packageSigner().certificate

  await keys.rotate('package')

  const after = await openKeys(dir, now)
  expect(after.retired('package')).toEqual([
    { publicKey: Buffer.from(before), retiredAt: new Date(nowMs).toISOString() },
  ])
  expect(after.publicKey('package')).toEqual(keys.publicKey('package'))
  expect(after.publicKey('package')).not.toEqual(before)
  expect(after.packageSigner().certificate).not.toBe(certificateBefore)
  const material = await openSealed(after.recovery.file(), { recoveryKey })
  expect(material['package.pem']).toBe(readFileSync(join(dir, 'package.pem'), 'utf8'))
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-keys-'))
  folders.push(folder)
  return folder
}

async function requestOf(kind: 'ec:P-256' | 'ec:P-384' | 'rsa', hash = 'SHA-256'): Promise<Uint8Array> {
  const { privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: kind.slice(3) })
  return (await newCsr({ privateKey, hash })).csr
}
