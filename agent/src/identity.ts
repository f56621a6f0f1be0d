import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, X509Certificate } from 'node:crypto'
import { fromHex, HostId, hostIdOf, Lineage } from '@tidewaiter/protocol'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { DataFolder } from './data-folder.ts'
import { refuse } from './error.ts'
import { parseJson } from './json.ts'

/** What an enrolment left behind: to whom this host belongs. Nothing in it is secret. */
export const Enrolment = Type.Object(
  {
    tw: Type.Literal('enrolment/1'),
    host: HostId,
    /** `wss://host:port`, in the order to try. */
    addresses: Type.Array(Type.String(), { minItems: 1 }),
    /** The one name the agent port is certified for, whatever its address. */
    serverName: Type.String(),
    /** Certificate of the console's CA, PEM: the only one that is trusted. */
    ca: Type.String(),
    /** Certificate of this host's key, PEM. */
    certificate: Type.String(),
    enrolledAt: Type.String(),
    /** The chain this one goes on from, where there was one. */
    lineage: Type.Optional(Lineage),
  },
  { additionalProperties: false },
)
export type Enrolment = Static<typeof Enrolment>

/** The key of this host. It is made here and never leaves. */
export interface HostKey {
  /** Host id: a hash of the public key. */
  host: string
  /** SPKI, DER. */
  publicKey: Uint8Array
  /** PKCS #8, DER. */
  privateKey: Uint8Array
}

export interface Identity {
  enrolment: Enrolment
  key: HostKey
}

export const enrolmentFile = 'enrolment.json'

export function newHostKey(): HostKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return toHostKey(privateKey.export({ format: 'der', type: 'pkcs8' }))
}

function toHostKey(pkcs8: Buffer): HostKey {
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError('not a P-256 key')
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return { host: hostIdOf(hash('sha256', publicKey, 'buffer')), publicKey, privateKey: pkcs8 }
}

export function privatePem({ privateKey }: HostKey): string {
  return `-----BEGIN PRIVATE KEY-----\n${wrap(privateKey)}\n-----END PRIVATE KEY-----\n`
}

function wrap(der: Uint8Array): string {
  return (
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')
}

/**
 * Makes another identity the one in force: durable before it is used, and in such an order that a sudden death leaves
 * the old one or the new one, whole. The key of a chain that has ended is destroyed, but not before the new chain has
 * begun: what `begin` throws leaves both keys where they are, and all of it can be tried again.
 */
export function adoptIdentity(folder: DataFolder, { before, next, begin }: Adoption): void {
  if (before?.key.host !== next.key.host) folder.write(keyFileOf(next.key.host), privatePem(next.key))
  folder.write(enrolmentFile, `${JSON.stringify(next.enrolment, null, 2)}\n`)
  begin?.(next)
  forgetOldKeys(folder, next)
  forgetNewKey(folder)
}

interface Adoption {
  before: Identity | undefined
  next: Identity
  /** Begins the chain of the next one. */
  begin?(next: Identity): void
}

/** Destroys the keys of chains that have ended: also what a sudden death left of them. */
export function forgetOldKeys(folder: DataFolder, { key }: Identity): void {
  const old = folder.names().filter((name) => keyFile.test(name) && name !== keyFileOf(key.host))
  for (const name of old) folder.remove(name)
}

const newKeyFile = 'host-key-new.pem'

/**
 * The key to go on under, at an enrolment or after a fork: one that was left behind by one that was cut off, else a new
 * one. It is durable before a console hears of it, so that asking again after a sudden death makes no second host.
 */
export function keyToEnrol(folder: DataFolder, before: Identity | undefined): HostKey {
  const pem = folder.read(newKeyFile)
  const kept = pem === undefined ? undefined : parseKey(pem)
  if (kept !== undefined && kept.host !== before?.key.host) return kept
  const key = newHostKey()
  folder.write(newKeyFile, privatePem(key))
  return key
}

/** A key that a console does not take is not tried again. */
export function forgetNewKey(folder: DataFolder): void {
  if (folder.has(newKeyFile)) folder.remove(newKeyFile)
}

const keyFile = /^host-key-[0-9a-f]{8}\.pem$/

/** File of a host's key: named by its id, so that the enrolment alone says which one is in force. */
function keyFileOf(host: string): string {
  return `host-key-${host.slice(0, 8)}.pem`
}

/** Throws `not-enrolled`, `data-folder-broken`, `not-permitted`. */
export function readEnrolment(folder: DataFolder): Enrolment {
  const text = folder.read(enrolmentFile)
  if (text === undefined)
    throw refuse(
      'not-enrolled',
      `${folder.path} is not enrolled with a console. Run: tidewaiter-agent enroll --token-file FILE`,
    )
  const value = parseJson(text.toString())
  if (!Value.Check(Enrolment, value)) throw broken(folder, enrolmentFile)
  return value
}

/** Enrolment and key, which fit each other. Throws `not-enrolled`, `data-folder-broken`, `not-permitted`. */
export function readIdentity(folder: DataFolder): Identity {
  const enrolment = readEnrolment(folder)
  const name = keyFileOf(enrolment.host)
  const pem = folder.read(name)
  const key = pem === undefined ? undefined : parseKey(pem)
  if (key?.host !== enrolment.host) throw broken(folder, name)
  return { enrolment, key }
}

function broken(folder: DataFolder, name: string) {
  return refuse(
    'data-folder-broken',
    `${name} in ${folder.path} is missing, damaged or not the one of this host. Enrol it anew: tidewaiter-agent enroll --again --token-file FILE`,
  )
}

function parseKey(pem: Buffer): HostKey | undefined {
  try {
    return toHostKey(createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }))
  } catch {
    return undefined
  }
}

/** True when the certificate (PEM) is of this key and issued by this CA (PEM). Its dates are the console's to judge. */
export function isCertificateOf(key: HostKey, certificate: string, ca: string): boolean {
  try {
    const issued = new X509Certificate(certificate)
    const issuer = new X509Certificate(ca)
    const spki = issued.publicKey.export({ format: 'der', type: 'spki' })
    return spki.equals(key.publicKey) && issued.checkIssued(issuer) && issued.verify(issuer.publicKey)
  } catch {
    return false
  }
}

/** SHA-256 of the public key of a certificate (PEM), hex: what a token pins. */
export function fingerprintOf(certificate: string): string {
  return hash('sha256', new X509Certificate(certificate).publicKey.export({ format: 'der', type: 'spki' }), 'hex')
}

/** True from two thirds of the certificate's life on (PEM). */
export function isRenewalDue(certificate: string, nowMs: number): boolean {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  const from = validFromDate.getTime()
  return nowMs >= from + ((validToDate.getTime() - from) * 2) / 3
}

/** The beginning of a fingerprint (hex), as a person compares it: `4b0e 91c2 77aa 0b3e ...`. */
export function shortFingerprint(hex: string): string {
  return fromHex(hex) === undefined
    ? ''
    : `${hex.slice(0, 4)} ${hex.slice(4, 8)} ${hex.slice(8, 12)} ${hex.slice(12, 16)} ...`
}
