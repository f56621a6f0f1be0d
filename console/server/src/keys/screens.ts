import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { type Issuer, screensCertificate } from './certificates.ts'
import type { Folder } from './folder.ts'
import { newKeyPair, privatePem } from './key-pair.ts'

const file = 'screens.pem'
const renewMs = 30 * 24 * 3_600_000

/**
 * Key and certificate of the screens where the office has none of its own. Kept in the keys folder, so that the
 * fingerprint a person compared once stays; nothing depends on it, so that it is made anew when it is gone, near its end
 * or for other addresses.
 */
export async function screensOf(
  folder: Folder,
  ca: Issuer,
  { names, nowMs }: { names: readonly string[]; nowMs: number },
): Promise<{ certificate: string; key: string }> {
  const kept = split(folder.read(file)?.toString() ?? '')
  if (kept !== undefined && isGood(kept.certificate, names, nowMs)) return kept
  const pair = newKeyPair()
  const key = privatePem(pair)
  const { certificate } = await screensCertificate(ca, { publicKey: pair.publicKey, names, nowMs })
  folder.write(file, key + certificate)
  return { certificate, key }
}

function split(pem: string): { certificate: string; key: string } | undefined {
  const at = pem.indexOf('-----BEGIN CERTIFICATE-----')
  return at <= 0 ? undefined : { key: pem.slice(0, at), certificate: pem.slice(at) }
}

function isGood(pem: string, names: readonly string[], nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(pem)
    if (Date.parse(certificate.validTo) - nowMs < renewMs) return false
    return names.every((name) =>
      isIP(name) === 0 ? certificate.checkHost(name) !== undefined : certificate.checkIP(name) !== undefined,
    )
  } catch {
    return false
  }
}
