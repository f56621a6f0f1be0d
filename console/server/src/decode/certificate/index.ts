import type { Decoder } from '../decoder.ts'
import { defined, type Row, textIn } from '../row.ts'
import { fileOf, type Said, systemDecoder } from '../system-row.ts'
import { alternativeNames, partyOf } from './name.ts'

/** Rows of the agent's snapshots of certificates, and of host keys of ssh. */
export const certificates: Decoder = systemDecoder({
  id: 'certificate',
  title: 'X.509 certificates and ssh host keys of a Linux host',
  kinds: {
    certificate: { category: 'file', say: sayCertificate },
    'host-key': { category: 'file', say: sayHostKey },
  },
})

const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function sayCertificate(row: Row): Said | undefined {
  const [path, sha256] = [textIn(row, 'path'), textIn(row, 'sha256')]
  if (path === undefined || sha256 === undefined) return undefined
  const [subject, issuer] = [partyOf(textIn(row, 'subject')), partyOf(textIn(row, 'issuer'))]
  const names = alternativeNames(textIn(row, 'subjectAltName'))
  const [notBefore, notAfter] = [timeOf(row, 'validFrom'), timeOf(row, 'validTo')]
  const until = notAfter === undefined ? '' : `, valid until ${notAfter.slice(0, 10)}`
  const x509 = defined({
    ...{ subject, issuer, serial_number: textIn(row, 'serialNumber') },
    ...{ not_before: notBefore, not_after: notAfter },
    alternative_names: names.length > 0 ? names : undefined,
  })
  return {
    message: `${path}: certificate of ${subject?.distinguished_name ?? sha256}${until}`,
    fields: {
      // The digest is that of the certificate: a file may hold many.
      file: {
        ...fileOf({ path }),
        ...(x509 && { x509 }),
      },
      related: defined({ hash: [sha256], hosts: names.length > 0 ? names : undefined }),
    },
    more: { certificate_sha256: sha256, ...(typeof row.ca === 'boolean' && { certificate_authority: row.ca }) },
  }
}

function timeOf(row: Row, name: string): string | undefined {
  const text = textIn(row, name)
  return text !== undefined && isTime.test(text) ? text : undefined
}

function sayHostKey(row: Row): Said | undefined {
  const [path, fingerprint] = [textIn(row, 'path'), textIn(row, 'fingerprint')]
  if (path === undefined) return undefined
  return {
    message: `${path}: ${textIn(row, 'type') ?? 'host key'} ${fingerprint ?? ''}`.trimEnd(),
    fields: { file: fileOf({ path }) },
    more: defined({ key_type: textIn(row, 'type'), fingerprint }) ?? {},
  }
}
