import { X509Certificate } from 'node:crypto'

const mostCharacters = 4_000
/** What stands between the lines; a key in the same file is passed over unread. */
const blocks =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[A-Za-z0-9+/=\s]{1,65536}-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g

export interface Told {
  sha256: string
  about: Record<string, unknown>
}

/** What certificates in a text (RFC 7468) say of themselves, in the words of OpenSSL; how many blocks are none. */
export function parseCertificates(text: string, most: number): { told: Told[]; malformed: number; more: number } {
  const found = text.match(blocks) ?? []
  const told = found.slice(0, most).map(parseCertificate)
  return {
    told: told.filter((each) => each !== undefined),
    malformed: told.filter((each) => each === undefined).length,
    more: Math.max(found.length - most, 0),
  }
}

function parseCertificate(block: string): Told | undefined {
  try {
    const parsed = new X509Certificate(block.replaceAll(/(?:TRUSTED|X509) /g, ''))
    return {
      sha256: parsed.fingerprint256.replaceAll(':', '').toLowerCase(),
      about: {
        subject: parsed.subject?.slice(0, mostCharacters),
        issuer: parsed.issuer?.slice(0, mostCharacters),
        subjectAltName: parsed.subjectAltName?.slice(0, mostCharacters),
        serialNumber: parsed.serialNumber,
        validFrom: parsed.validFromDate.toISOString(),
        validTo: parsed.validToDate.toISOString(),
        ca: parsed.ca,
      },
    }
  } catch {
    return undefined
  }
}
