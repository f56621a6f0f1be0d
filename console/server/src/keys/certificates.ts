import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { refuse } from '../error.ts'
import { fingerprintOf, isUsualPublicKey, type KeyPair } from './key-pair.ts'

const p256 = { name: 'ECDSA', namedCurve: 'P-256' }
const ecdsaSha256 = { name: 'ECDSA', hash: 'SHA-256' }
/** Trust is the pin of the CA key, not a date: no host clock may refuse the console (evidence.md 9). */
const always = { notBefore: new Date('2000-01-01T00:00:00Z'), notAfter: new Date('9999-12-31T23:59:59Z') }
const dayMs = 24 * 3_600_000
/** A request of an honest agent has about 300 bytes. */
const csrBytes = 4096

/** The CA of a console, ready to issue. */
export interface Issuer {
  pair: KeyPair
  certificate: string
}

export interface HostCertificate {
  /** PEM. */
  certificate: string
  expiresAt: string
}

export function toCryptoKey({ privateKey }: KeyPair): Promise<webcrypto.CryptoKey> {
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  return webcrypto.subtle.importKey('pkcs8', der, p256, false, ['sign'])
}

function toPublicCryptoKey(spki: Uint8Array): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('spki', Buffer.from(spki), p256, true, ['verify'])
}

function name(use: string, publicKey: Uint8Array): string {
  return `CN=Tidewaiter ${use} ${fingerprintOf(publicKey).slice(0, 8)}`
}

/** 16 random bytes with the first bit clear and the second set: positive, of one length (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

/** Certificate of the console's CA, PEM. */
export function caCertificate(pair: KeyPair): Promise<string> {
  return selfSigned(pair, 'CA', [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ])
}

/** Certificate that stands beside package signatures, PEM. */
export function packageCertificate(pair: KeyPair): Promise<string> {
  return selfSigned(pair, 'package signer', [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation, true),
  ])
}

type HashedAlgorithm = Pkcs10CertificateRequest['signatureAlgorithm'] & { name: string }
type Extensions = NonNullable<Parameters<typeof X509CertificateGenerator.create>[0]['extensions']>

async function selfSigned(pair: KeyPair, use: string, extensions: Extensions): Promise<string> {
  const publicKey = await toPublicCryptoKey(pair.publicKey)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: name(use, pair.publicKey),
    ...always,
    signingAlgorithm: ecdsaSha256,
    keys: { privateKey: await toCryptoKey(pair), publicKey },
    extensions: [...extensions, await SubjectKeyIdentifierExtension.create(publicKey)],
  })
  return `${certificate.toString('pem')}\n`
}

/** Certificate of the agent port for the one name agents ask for, PEM. */
export function serverCertificate(ca: Issuer, publicKey: Uint8Array, serverName: string): Promise<string> {
  return issue(ca, publicKey, {
    subject: `CN=${serverName}`,
    ...always,
    extensions: [
      new SubjectAlternativeNameExtension([{ type: 'dns', value: serverName }]),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ],
  })
}

/** Certificate of the console's screens for addresses and names; a little over a year, which is what browsers take. */
export async function screensCertificate(
  ca: Issuer,
  { publicKey, names, nowMs }: { publicKey: Uint8Array; names: readonly string[]; nowMs: number },
): Promise<HostCertificate> {
  const notAfter = new Date(Math.floor(nowMs / 1000) * 1000 + 397 * dayMs)
  const certificate = await issue(ca, publicKey, {
    subject: name('screens', publicKey),
    notBefore: new Date(nowMs - dayMs),
    notAfter,
    extensions: [
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ],
  })
  return { certificate, expiresAt: notAfter.toISOString() }
}

/** Certificate of a host: a year, from 24 h before now, so that a host clock that is a little behind takes it too. */
export async function hostCertificate(
  ca: Issuer,
  { publicKey, hostId, nowMs }: { publicKey: Uint8Array; hostId: string; nowMs: number },
): Promise<HostCertificate> {
  const notAfter = new Date(Math.floor(nowMs / 1000) * 1000 + 365 * dayMs)
  const certificate = await issue(ca, publicKey, {
    subject: `CN=${hostId}`,
    notBefore: new Date(nowMs - dayMs),
    notAfter,
    extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
  })
  return { certificate, expiresAt: notAfter.toISOString() }
}

interface Issued {
  subject: string
  notBefore: Date
  notAfter: Date
  extensions: Extensions
}

async function issue(ca: Issuer, spki: Uint8Array, { extensions, ...rest }: Issued): Promise<string> {
  const issuer = new X509Certificate(ca.certificate)
  const publicKey = await toPublicCryptoKey(spki)
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    issuer: issuer.subject,
    ...rest,
    signingAlgorithm: ecdsaSha256,
    publicKey,
    signingKey: await toCryptoKey(ca.pair),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ...extensions,
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(await toPublicCryptoKey(ca.pair.publicKey)),
    ],
  })
  return `${certificate.toString('pem')}\n`
}

/**
 * Public key (SPKI, DER) of a certificate request (PKCS #10, DER) that its owner signed. Nothing else in the request is
 * looked at: names and dates are the console's to give. Throws `csr-refused`.
 */
export async function readCsr(der: Uint8Array): Promise<Uint8Array> {
  if (der.length > csrBytes)
    throw refuse('csr-refused', `The request has ${der.length} bytes, the limit is ${csrBytes}.`)
  const { publicKey, signed } = await parseCsr(der)
  if (!isUsualPublicKey(publicKey))
    throw refuse('csr-refused', 'The key is not a P-256 key in its usual form (named curve, uncompressed point).')
  if (!signed) throw refuse('csr-refused', 'The request is not signed with the key it names.')
  return publicKey
}

async function parseCsr(der: Uint8Array): Promise<{ publicKey: Uint8Array; signed: boolean }> {
  try {
    const csr = new Pkcs10CertificateRequest(new Uint8Array(der))
    const publicKey = new Uint8Array(csr.publicKey.rawData)
    // Its type leaves out the name that it carries.
    const { name: algorithm, hash } = csr.signatureAlgorithm as HashedAlgorithm
    const usual = isUsualPublicKey(publicKey) && algorithm === 'ECDSA' && hash.name === 'SHA-256'
    return { publicKey, signed: usual && (await csr.verify()) }
  } catch (cause) {
    throw refuse('csr-refused', 'The request is not PKCS #10.', { cause })
  }
}
