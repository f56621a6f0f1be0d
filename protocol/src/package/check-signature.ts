import { equal } from '../bytes.ts'
import { Refusal } from '../error.ts'
import type { Primitives } from '../primitives.ts'
import { tagFiles } from './layout.ts'
import type { Report } from './report.ts'
import { fingerprintOf, fromPem, readCertificate, signatureIn } from './signer.ts'

/** The key that signed, when it did. */
export interface Signed {
  fingerprint: string
  /** Common name in the certificate. */
  name: string
}

/**
 * Checks both signatures over the tag manifest against the key in `signer-pub.pem`, and that certificate and CMS carry
 * the same key and nothing else. Undefined when nobody's signature holds.
 */
export async function checkSignature(
  p: Primitives,
  report: Report,
  kept: ReadonlyMap<string, Uint8Array>,
): Promise<Signed | undefined> {
  const read = <T>(path: string, parse: (bytes: Uint8Array) => T) =>
    report.attempt('signature', path, () => {
      const bytes = kept.get(path)
      if (bytes === undefined) throw new Refusal('package-malformed', 'missing')
      return parse(bytes)
    })
  const tagManifest = await read(tagFiles.tagManifest, (bytes) => bytes)
  const publicKey = await read(tagFiles.publicKey, (bytes) => readKey(p, bytes))
  if (tagManifest === undefined || publicKey === undefined) return undefined
  const hasSigned = (signature: Uint8Array) => {
    if (!p.verifyP256(publicKey.spki, tagManifest, signature))
      throw new Refusal(
        'signature-wrong',
        `not the signature of ${tagFiles.tagManifest} by the key in ${tagFiles.publicKey}: one of the three was changed`,
      )
    return true
  }
  const isSigned = await read(tagFiles.signature, hasSigned)
  const certificate = await read(tagFiles.certificate, (bytes) => {
    const read = readCertificate(p, fromPem('CERTIFICATE', bytes))
    if (!equal(read.publicKey, publicKey.spki))
      throw new Refusal('signature-wrong', `its key is not the one in ${tagFiles.publicKey}`)
    return read
  })
  if (certificate !== undefined) await read(tagFiles.cms, (bytes) => hasSigned(signatureIn(bytes, certificate)))
  if (isSigned === undefined || certificate === undefined) return undefined
  const { fingerprint } = publicKey
  report.passed('signature', `${tagFiles.tagManifest} is signed by the key ${fingerprint}, as DER and as CMS`)
  return { fingerprint, name: certificate.name }
}

function readKey(p: Primitives, bytes: Uint8Array): { spki: Uint8Array; fingerprint: string } {
  const spki = fromPem('PUBLIC KEY', bytes)
  const fingerprint = fingerprintOf(p, spki)
  if (fingerprint === undefined) throw new Refusal('package-malformed', 'not a P-256 key in its usual form')
  return { spki, fingerprint }
}
