import { hash } from 'node:crypto'
import { tagFiles, toPem } from '@tidewaiter/protocol'
import { fromBER } from 'asn1js'
import {
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  id_ContentType_Data,
  id_ContentType_SignedData,
  SignedData,
  SignerInfo,
} from 'pkijs'
import type { PackageSigner } from '../keys/keys.ts'
import type { Store } from '../store/store.ts'
import { type TagFile, toTagFile } from './pack.ts'

interface Signing {
  store: Store
  /** Signs what was not signed before; undefined where only what was signed before will do. */
  signer: PackageSigner | undefined
  /** When it is signed. */
  at: string
}

/**
 * Signature, CMS, key and certificate over a tag manifest. Made once and kept: an ECDSA signature is another one each
 * time, and the same package must stay the same file. Undefined where nobody signed it, and nobody is there to.
 */
export async function signatureFiles(
  tagManifest: Uint8Array,
  { store, signer, at }: Signing,
): Promise<TagFile[] | undefined> {
  const manifest = hash('sha256', tagManifest)
  const kept = await keptSignature(store, manifest)
  if (kept !== undefined || signer === undefined) return kept && toFiles(kept)
  const made = { signature: signer.sign(tagManifest), cms: await detachedCms(signer, tagManifest) }
  await store
    .insertInto('signature')
    .values({ manifest, ...made, signed_at: at })
    .execute()
  return toFiles(made)
}

interface Signature {
  signature: Uint8Array
  cms: Uint8Array
}

function keptSignature(store: Store, manifest: string): Promise<Signature | undefined> {
  return store.selectFrom('signature').select(['signature', 'cms']).where('manifest', '=', manifest).executeTakeFirst()
}

function toFiles({ signature, cms }: Signature): TagFile[] {
  const certificate = certificateIn(cms)
  const publicKey = Buffer.from(certificate.subjectPublicKeyInfo.toSchema().toBER())
  return [
    toTagFile(tagFiles.certificate, toPem('CERTIFICATE', Buffer.from(certificate.toSchema(true).toBER()))),
    toTagFile(tagFiles.publicKey, toPem('PUBLIC KEY', publicKey)),
    { path: tagFiles.cms, data: cms },
    { path: tagFiles.signature, data: signature },
  ]
}

/**
 * Detached CMS (RFC 5652, 5) with the certificate in it. It has no signed attributes: the signature is then over the
 * content itself, no time is claimed, and a verifier can make every byte of it again.
 */
async function detachedCms(signer: PackageSigner, content: Uint8Array): Promise<Uint8Array> {
  const certificate = readCertificate(signer.certificate)
  const { issuer, serialNumber } = certificate
  const signed = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: id_ContentType_Data }),
    signerInfos: [new SignerInfo({ version: 1, sid: new IssuerAndSerialNumber({ issuer, serialNumber }) })],
    certificates: [certificate],
  })
  await signed.sign(await signer.cryptoKey(), 0, 'SHA-256', new Uint8Array(content).buffer)
  const whole = new ContentInfo({ contentType: id_ContentType_SignedData, content: signed.toSchema(true) })
  return Buffer.from(whole.toSchema().toBER())
}

function readCertificate(pem: string): Certificate {
  return Certificate.fromBER(Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'))
}

/** The certificate in a CMS that was made here. */
function certificateIn(cms: Uint8Array): Certificate {
  const content = new ContentInfo({ schema: fromBER(new Uint8Array(cms).buffer).result })
  const [certificate] = new SignedData({ schema: content.content }).certificates ?? []
  if (!(certificate instanceof Certificate)) throw new TypeError('a kept signature has no certificate')
  return certificate
}
