import 'reflect-metadata'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'

/** Certificate request (PKCS #10, base64 of DER) of a P-256 key. */
export async function certificateRequest(key: KeyObject, name: string): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const privateKey = Buffer.from(key.export({ type: 'pkcs8', format: 'der' }))
  const publicKey = Buffer.from(createPublicKey(key).export({ type: 'spki', format: 'der' }))
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: `CN=${name}`,
    keys: {
      privateKey: await crypto.subtle.importKey('pkcs8', privateKey, algorithm, false, ['sign']),
      publicKey: await crypto.subtle.importKey('spki', publicKey, algorithm, true, ['verify']),
    },
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  })
  return Buffer.from(request.rawData).toString('base64')
}
