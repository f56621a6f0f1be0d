import { defined, type Row, textIn } from '../row.ts'
import type { Kind, Said } from '../system-row.ts'

export const macosProtection: Readonly<Record<string, Kind>> = {
  'malware-definitions': { category: 'configuration', say: sayDefinitions },
  'keychain-certificate': { category: 'configuration', say: sayCertificate },
}

function sayDefinitions(row: Row): Said | undefined {
  const [path, version] = [textIn(row, 'path'), textIn(row, 'version')]
  const [, name] = /\/([^/]{1,100})\.(?:bundle|app)\//.exec(path ?? '') ?? []
  if (path === undefined) return undefined
  return {
    message: [name ?? path, version].filter((part) => part !== undefined).join(' '),
    fields: { file: { path }, package: defined({ name, version }) },
    more: defined({ why: textIn(row, 'why') }) ?? {},
  }
}

/** A name stands in lines: `CN=...`, `O=...` (X509Certificate of Node). */
function sayCertificate(row: Row): Said | undefined {
  const [sha256, keychain] = [textIn(row, 'fingerprint'), textIn(row, 'keychain')]
  if (sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) return undefined
  const [subject, issuer] = [nameIn(row, 'subject'), nameIn(row, 'issuer')]
  const [notBefore, notAfter] = [timeIn(row, 'notBefore'), timeIn(row, 'notAfter')]
  return {
    message: `certificate of ${subject ?? 'nobody'}${notAfter === undefined ? '' : `, valid until ${notAfter.slice(0, 10)}`}`,
    fields: {
      file: defined({
        path: keychain,
        x509: defined({
          serial_number: textIn(row, 'serialNumber'),
          subject: subject && { distinguished_name: subject },
          issuer: issuer && { distinguished_name: issuer },
          not_before: notBefore,
          not_after: notAfter,
        }),
      }),
    },
    more: defined({ certificate_sha256: sha256, authority: typeof row.ca === 'boolean' ? row.ca : undefined }) ?? {},
  }
}

function nameIn(row: Row, name: string): string | undefined {
  return textIn(row, name)?.split('\n').join(', ')
}

function timeIn(row: Row, name: string): string | undefined {
  const text = textIn(row, name)
  return text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) ? text : undefined
}
