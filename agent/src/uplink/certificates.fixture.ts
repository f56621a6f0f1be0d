import 'reflect-metadata'
import { generateKeyPairSync, hash, type KeyObject, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const p256 = { name: 'ECDSA', namedCurve: 'P-256' }
const dayMs = 24 * 3_600_000

export interface Pair {
  privateKey: KeyObject
  spki: Buffer
}

export function newPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey, spki: publicKey.export({ format: 'der', type: 'spki' }) }
}

const toPublic = (spki: Uint8Array) => webcrypto.subtle.importKey('spki', Buffer.from(spki), p256, true, ['verify'])
const toPrivate = ({ privateKey }: Pair) =>
  webcrypto.subtle.importKey('pkcs8', privateKey.export({ format: 'der', type: 'pkcs8' }), p256, false, ['sign'])

/** A CA like the console's own, or like somebody else's. */
export async function newCa(pair: Pair = newPair(), name = 'CN=Tidewaiter CA test') {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name,
    notBefore: new Date('2000-01-01'),
    notAfter: new Date('9999-12-31'),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    keys: { privateKey: await toPrivate(pair), publicKey: await toPublic(pair.spki) },
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  })
  return { pair, pem: `${certificate.toString('pem')}\n`, fingerprint: hash('sha256', pair.spki, 'hex') }
}
export type Ca = Awaited<ReturnType<typeof newCa>>

interface Wanted {
  subject: string
  notBefore?: Date
  notAfter?: Date
  serverName?: string
}

export async function issue(
  ca: Ca,
  spki: Uint8Array,
  { subject, notBefore, notAfter, serverName }: Wanted,
): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    serialNumber: '02',
    issuer: new X509Certificate(ca.pem).subject,
    subject,
    notBefore: notBefore ?? new Date(Date.now() - dayMs),
    notAfter: notAfter ?? new Date(Date.now() + 365 * dayMs),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    publicKey: await toPublic(spki),
    signingKey: await toPrivate(ca.pair),
    extensions:
      serverName === undefined
        ? [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]
        : [
            new SubjectAlternativeNameExtension([{ type: 'dns', value: serverName }]),
            new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          ],
  })
  return `${certificate.toString('pem')}\n`
}

export function pemOf({ privateKey }: Pair): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}

export function derOf({ privateKey }: Pair): Uint8Array {
  return privateKey.export({ format: 'der', type: 'pkcs8' })
}
