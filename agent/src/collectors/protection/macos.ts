import { X509Certificate } from 'node:crypto'
import type { Host } from '../../host.ts'
import { addAnswer, linesFrom } from '../answer.ts'
import type { LastingTable } from '../lasting-table.ts'
import { readProperties } from '../property-list.ts'

const answers = [
  ['fdesetup', 'status'],
  ['spctl', '--status'],
  ['csrutil', 'status'],
  ['csrutil', 'authenticated-root', 'status'],
  ['systemsetup', '-getnetworktimeserver'],
  ['systemsetup', '-getusingnetworktime'],
  ['systemsetup', '-getremotelogin'],
  ['tmutil', 'destinationinfo'],
  ['tmutil', 'latestbackup'],
  ['profiles', 'status', '-type', 'enrollment'],
]
const definitions = [
  '/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist',
  '/Library/Apple/System/Library/CoreServices/XProtect.app/Contents/Info.plist',
  '/Library/Apple/System/Library/CoreServices/MRT.app/Contents/Info.plist',
]
const keychain = '/Library/Keychains/System.keychain'
const mostCertificates = 2_000

export async function addProtection(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  for (const command of answers) await addAnswer(host, table, { command, signal })
  for (const path of definitions) {
    if ((await host.facts(path)) === undefined) continue
    const found = await readProperties(host, path, signal)
    const said = 'why' in found ? found : { version: `${found.properties.CFBundleShortVersionString ?? ''}` }
    table.add({ kind: 'malware-definitions', path }, said)
  }
}

/** Certificates that every account of the Mac has, without any private key (security(1)). */
export async function addCertificates(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const command = ['security', 'find-certificate', '-a', '-p', keychain]
  const text = (await linesFrom(host, table, { command, signal })).join('\n')
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]{1,100000}-----END CERTIFICATE-----/g) ?? []
  for (const pem of found.slice(0, mostCertificates)) table.add(...rowOf(pem))
  if (found.length > mostCertificates)
    table.add({ kind: 'not-looked', path: keychain }, { why: `more than ${mostCertificates} certificates` })
}

function rowOf(pem: string): [identity: object, lasting?: object] {
  const certificate = certificateOf(pem)
  if (certificate === undefined) return [{ kind: 'malformed', path: keychain }]
  const { subject, issuer, serialNumber, validFrom, validTo, fingerprint256, ca } = certificate
  const sha256 = fingerprint256.replaceAll(':', '').toLowerCase()
  const [notBefore, notAfter] = [validFrom, validTo].map(toInstant)
  return [
    { kind: 'keychain-certificate', keychain, fingerprint: sha256 },
    { subject, issuer, serialNumber, notBefore, notAfter, ca },
  ]
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** `Nov 27 14:05:37 2026 GMT`; as it stands where it is no date. */
function toInstant(text: string): string {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? text : new Date(ms).toISOString()
}
