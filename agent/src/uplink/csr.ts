import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto'
import type { HostKey } from '../identity.ts'

/**
 * Certificate request (PKCS #10, base64 of DER) for a host key, signed with it. The console looks at the key alone.
 * The library is only loaded when one is needed: at enrolment, and once a year.
 */
export async function requestFor(key: HostKey): Promise<string> {
  await import('reflect-metadata')
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { subtle } = webcrypto
  const privateKey = createPrivateKey({ key: Buffer.from(key.privateKey), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: `CN=${key.host}`,
    keys: {
      privateKey: await subtle.importKey('pkcs8', Buffer.from(key.privateKey), algorithm, false, ['sign']),
      publicKey: await subtle.importKey('spki', publicKey, algorithm, true, ['verify']),
    },
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  })
  return Buffer.from(request.rawData).toString('base64')
}
