import 'reflect-metadata'
import { createPublicKey, generateKeyPairSync, type KeyObject, webcrypto } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'

/** A certificate request as an agent makes it, with a new key unless one is given. For tests. */
export async function newCsr({
  privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  hash = 'SHA-256',
}: {
  privateKey?: KeyObject
  hash?: string
} = {}): Promise<{ csr: Uint8Array; privateKey: KeyObject; publicKey: Uint8Array }> {
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const curve = privateKey.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'P-384' : 'P-256'
  const ec = privateKey.asymmetricKeyType === 'ec'
  const algorithm = ec ? { name: 'ECDSA', namedCurve: curve } : { name: 'RSASSA-PKCS1-v1_5', hash }
  const { subtle } = webcrypto
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  const csr = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=host',
    keys: {
      privateKey: await subtle.importKey('pkcs8', der, algorithm, false, ['sign']),
      publicKey: await subtle.importKey('spki', publicKey, algorithm, true, ['verify']),
    },
    signingAlgorithm: ec ? { name: 'ECDSA', hash } : algorithm,
  })
  return { csr: new Uint8Array(csr.rawData), privateKey, publicKey }
}
