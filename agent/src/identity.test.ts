import { expect, test } from 'vitest'
import { type DataFolder, lookInto } from './data-folder.ts'
import { memoryFolder } from './folder.fixture.ts'
import {
  adoptIdentity,
  type Identity,
  isCertificateOf,
  isRenewalDue,
  keyToEnrol,
  newHostKey,
  readIdentity,
  shortFingerprint,
} from './identity.ts'
import { issue, newCa, newPair } from './uplink/certificates.fixture.ts'

test('whenever a sudden death comes, a folder holds the old identity or the new one, whole', async () => {
  const [old, next] = [await newIdentity(), await newIdentity()]
  const seen: string[] = []

  for (let steps = 0; steps < 4; steps++) {
    const folder = lookInto(memoryFolder())
    adoptIdentity(folder, { before: undefined, next: old })
    try {
      adoptIdentity(dyingAfter(folder, steps), { before: old, next })
    } catch {}
    seen.push(readIdentity(folder).key.host)
  }

  expect(seen).toEqual([old.key.host, old.key.host, next.key.host, next.key.host])
})

test('the key of a chain that has ended is destroyed', async () => {
  const [old, next] = [await newIdentity(), await newIdentity()]
  const folder = lookInto(memoryFolder())
  adoptIdentity(folder, { before: undefined, next: old })

  adoptIdentity(folder, { before: old, next })

  expect(folder.has(`host-key-${old.key.host.slice(0, 8)}.pem`)).toBe(false)
  expect(readIdentity(folder)).toEqual(next)
})

test('a chain that cannot begin leaves both keys where they are, and the next try goes through', async () => {
  const [old, next] = [await newIdentity(), await newIdentity()]
  const folder = lookInto(memoryFolder())
  adoptIdentity(folder, { before: undefined, next: old })
  const begin = () => {
    throw new Error('the disk is full')
  }

  expect(() => adoptIdentity(folder, { before: old, next, begin })).toThrow('the disk is full')
  expect(folder.names().filter((name) => name.endsWith('.pem'))).toHaveLength(2)

  const begun: Identity[] = []
  adoptIdentity(folder, { before: old, next, begin: (identity) => void begun.push(identity) })
  expect(begun).toEqual([next])
  expect(folder.names().filter((name) => name.endsWith('.pem'))).toHaveLength(1)
  expect(readIdentity(folder)).toEqual(next)
})

test('a key that waits for its certificate is the same until it has one, and then never again', async () => {
  const folder = lookInto(memoryFolder())
  const key = keyToEnrol(folder, undefined)
  expect(keyToEnrol(folder, undefined).host).toBe(key.host)

  const next = await newIdentity(key)
  adoptIdentity(folder, { before: undefined, next })

  expect(keyToEnrol(folder, next).host).not.toBe(key.host)
})

test('a certificate fits one key and one issuer', async () => {
  const { key, enrolment } = await newIdentity()
  const other = await newCa(newPair())

  expect(isCertificateOf(key, enrolment.certificate, enrolment.ca)).toBe(true)
  expect(isCertificateOf(newHostKey(), enrolment.certificate, enrolment.ca)).toBe(false)
  expect(isCertificateOf(key, enrolment.certificate, other.pem)).toBe(false)
  expect(isCertificateOf(key, 'no certificate', enrolment.ca)).toBe(false)
})

test('a certificate is to be renewed from two thirds of its life on', async () => {
  const ca = await newCa()
  const dates = { notBefore: new Date('2026-01-01'), notAfter: new Date('2026-01-31') }
  const certificate = await issue(ca, newPair().spki, { subject: 'CN=host', ...dates })

  expect(isRenewalDue(certificate, Date.parse('2026-01-20T23:00:00Z'))).toBe(false)
  expect(isRenewalDue(certificate, Date.parse('2026-01-21T01:00:00Z'))).toBe(true)
})

test('a fingerprint is shown as a person compares it', () => {
  expect(shortFingerprint(`4b0e91c277aa0b3e${'0'.repeat(48)}`)).toBe('4b0e 91c2 77aa 0b3e ...')
})

async function newIdentity(key = newHostKey()): Promise<Identity> {
  const ca = await newCa()
  const certificate = await issue(ca, key.publicKey, { subject: 'CN=host' })
  const enrolment = {
    tw: 'enrolment/1' as const,
    host: key.host,
    addresses: ['wss://console.lan:8444'],
    serverName: 'console.tidewaiter',
    ca: ca.pem,
    certificate,
    enrolledAt: '2026-11-24T10:00:00.000Z',
  }
  return { key, enrolment }
}

/** A folder whose process is killed when it is about to change something once more. */
function dyingAfter(folder: DataFolder, steps: number): DataFolder {
  const step = <A extends unknown[]>(act: (...args: A) => void) => {
    return (...args: A) => {
      if (steps-- <= 0) throw new Error('killed')
      act(...args)
    }
  }
  return { ...folder, write: step(folder.write), remove: step(folder.remove) }
}
