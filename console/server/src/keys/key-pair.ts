import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto'

/** A P-256 key pair. `publicKey` is SPKI in DER: the form that is hashed, stored and handed out everywhere. */
export interface KeyPair {
  privateKey: KeyObject
  publicKey: Uint8Array
}

export function newKeyPair(): KeyPair {
  return pairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
}

/** The pair in a PEM text (PKCS #8); other blocks in the text are passed over. Throws when there is none, or none of P-256. */
export function readKeyPair(pem: string): KeyPair {
  const privateKey = createPrivateKey(pem)
  if (!isP256(privateKey)) throw new TypeError('not a P-256 key')
  return pairOf(privateKey)
}

export function pairOf(privateKey: KeyObject): KeyPair {
  return { privateKey, publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }) }
}

function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
}

export function privatePem({ privateKey }: KeyPair): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}

export function publicPem(publicKey: Uint8Array): string {
  return createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
    .export({ format: 'pem', type: 'spki' })
    .toString()
}

/** ECDSA with SHA-256, DER. */
export function signWith({ privateKey }: KeyPair, data: Uint8Array): Uint8Array {
  return sign('sha256', data, { key: privateKey, dsaEncoding: 'der' })
}

/** SHA-256 of the SPKI, hex. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return hash('sha256', publicKey, 'hex')
}

/**
 * True for the one usual SPKI of a P-256 key: named curve, uncompressed point. The same key has other spellings, and a
 * host that could choose one could have as many ids as it likes.
 */
export function isUsualPublicKey(spki: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    return isP256(key) && spki.length === 91 && key.export({ format: 'der', type: 'spki' }).equals(spki)
  } catch {
    return false
  }
}
