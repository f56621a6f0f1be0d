import { equal, fromBase64, fromUtf8, toBase64, toHex } from '../bytes.ts'
import { Refusal } from '../error.ts'
import { type Primitives, pointOf } from '../primitives.ts'
import { type Der, readDer, tags, valueAt, writeDer } from './der.ts'

/** PEM (RFC 7468) as openssl writes it: lines of 64 characters. */
export function toPem(label: string, der: Uint8Array): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** Throws `package-malformed` for anything that `toPem` does not write. */
export function fromPem(label: string, bytes: Uint8Array): Uint8Array {
  const text = tryText(bytes)
  const der = fromBase64(text.split('\n').slice(1, -2).join(''))
  if (der === undefined || toPem(label, der) !== text)
    throw new Refusal('package-malformed', `not one PEM block of ${label} in lines of 64 characters`)
  return der
}

function tryText(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new Refusal('package-malformed', 'not text', { cause })
  }
}

/** What a self-signed certificate says of its key (RFC 5280, 4.1). */
export interface Certificate {
  der: Uint8Array
  /** SPKI, DER. */
  publicKey: Uint8Array
  /** Issuer and serial number, as a CMS names the certificate. */
  issuer: Uint8Array
  serial: Uint8Array
  /** Common name of the subject; empty where it has none. */
  name: string
}

/** The certificate, when its own key signed it: no byte of it can be another. Throws `package-malformed`, `signature-wrong`. */
export function readCertificate(p: Primitives, der: Uint8Array): Certificate {
  const [whole, ...rest] = readDer(der)
  if (whole === undefined || rest.length > 0) throw new Refusal('package-malformed', 'not one certificate')
  const parts = readDer(whole.content)
  const signed = valueAt(parts, 0, tags.sequence)
  const fields = readDer(signed.content)
  const publicKey = valueAt(fields, 6, tags.sequence).whole
  // The first byte of a bit string counts unused bits; a signature has none.
  const [unused, ...signature] = valueAt(parts, 2, tags.bitString).content
  if (parts.length !== 3 || unused !== 0 || !equal(valueAt(parts, 1, tags.sequence).whole, ecdsaWithSha256))
    throw new Refusal('package-malformed', 'not a certificate signed by ECDSA with SHA-256')
  if (!p.verifyP256(publicKey, signed.whole, Uint8Array.from(signature)))
    throw new Refusal('signature-wrong', 'the certificate is not signed by its own key')
  return {
    der,
    publicKey,
    serial: valueAt(fields, 1, tags.integer).whole,
    issuer: valueAt(fields, 3, tags.sequence).whole,
    name: commonNameIn(valueAt(fields, 5, tags.sequence)),
  }
}

const commonName = Uint8Array.of(0x06, 3, 0x55, 4, 3)

function commonNameIn(subject: Der): string {
  for (const set of readDer(subject.content))
    for (const attribute of readDer(set.content)) {
      const [type, value] = readDer(attribute.content)
      if (type !== undefined && value !== undefined && equal(type.whole, commonName)) return tryText(value.content)
    }
  return ''
}

const sha256 = writeDer(tags.objectId, Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01))
const data = writeDer(tags.objectId, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01))
const signedData = writeDer(tags.objectId, Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02))
const ecdsaWithSha256 = writeDer(
  tags.sequence,
  writeDer(tags.objectId, Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)),
)
const one = writeDer(tags.integer, Uint8Array.of(1))

/** A detached CMS (RFC 5652, 5) with one signer and no signed attributes: the signature is over the content itself. */
function cmsOf({ der, issuer, serial }: Certificate, signature: Uint8Array): Uint8Array {
  const digest = writeDer(tags.sequence, sha256, writeDer(tags.null))
  const signer = [
    one,
    writeDer(tags.sequence, issuer, serial),
    digest,
    ecdsaWithSha256,
    writeDer(tags.octetString, signature),
  ]
  const signed = [
    one,
    writeDer(tags.set, digest),
    writeDer(tags.sequence, data),
    writeDer(tags.first, der),
    writeDer(tags.set, writeDer(tags.sequence, ...signer)),
  ]
  return writeDer(tags.sequence, signedData, writeDer(tags.first, writeDer(tags.sequence, ...signed)))
}

/** The signature in a CMS that is, byte for byte, the one of this certificate. Throws `package-malformed`. */
export function signatureIn(cms: Uint8Array, certificate: Certificate): Uint8Array {
  const content = valueAt(readDer(valueAt(readDer(cms), 0, tags.sequence).content), 1, tags.first)
  const signed = readDer(valueAt(readDer(content.content), 0, tags.sequence).content)
  const signers = readDer(valueAt(signed, 4, tags.set).content)
  const signature = valueAt(readDer(valueAt(signers, 0, tags.sequence).content), 4, tags.octetString).content
  if (!equal(cmsOf(certificate, signature), cms))
    throw new Refusal('package-malformed', 'not the detached CMS that belongs to signer-cert.pem')
  return signature
}

/** SHA-256 of a public key (SPKI) in hex: what is read out by phone. Undefined when it is not a P-256 key in its usual form. */
export function fingerprintOf(p: Primitives, publicKey: Uint8Array): string | undefined {
  return pointOf(publicKey) === undefined ? undefined : toHex(p.sha256(publicKey))
}

/** A fingerprint as people write it: in groups, with colons, in capitals. Undefined when it is not 64 hex digits. */
export function parseFingerprint(text: string): string | undefined {
  const digits = text.replaceAll(/[\s:]/g, '').toLowerCase()
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined
}
