import { hash } from 'node:crypto'
import type { Host } from '../../host.ts'
import type { Collector } from '../collector.ts'
import { type LastingTable, lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { seeFile } from '../system-file.ts'
import { parseCertificates } from './x509.ts'

const folders = [
  ...['/etc/ssl', '/etc/pki', '/usr/local/share/ca-certificates', '/etc/letsencrypt', '/etc/nginx', '/etc/apache2'],
  ...['/etc/httpd', '/etc/haproxy', '/etc/postfix', '/etc/dovecot', '/etc/exim4', '/etc/ldap', '/etc/openldap'],
  ...['/etc/openvpn', '/etc/ipsec.d', '/etc/swanctl', '/etc/mysql', '/etc/postgresql', '/etc/cups', '/etc/samba'],
]
const most = { files: 3_000, folders: 1_000, depth: 5, bytes: 1024 * 1024, certificates: 5_000, keys: 50 }
const ofCertificate = /\.(?:pem|crt|cer|cert|ca-bundle|\d)$/i
/** Where private keys lie by custom. */
const ofKey = /^(?:private|keys?|privkey.*|.*\.key|.*-key\.pem)$/i
const othersRead = 0o004

export const certificates: Collector = {
  id: 'certificate',
  resource: 'Operating System files',
  platforms: ['linux'],
  ...lastingEvery,
  reads:
    'X.509 certificates in /etc/ssl, /etc/pki and the settings of web, mail, VPN, directory and database servers: subject, issuer, names, serial number, validity and SHA-256; of the host keys of ssh the fingerprints.',
  needs: 'Run the agent as root, for folders that others may not enter.',
  cannotSee:
    'Private keys, which are never opened: nor any file that others may not read, as it may hold one. Certificates in DER, PKCS #12 or Java key stores, within containers, and in folders that are not named.',
  provenOn: 'Debian 12, live at every change.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    const table = newLastingTable('files')
    await addCertificates(host, table, signal)
    await addHostKeys(host, table)
    yield* handOver('certificate', [table], { from, readAt })
  },
}

async function addCertificates(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const seen = new Set<string>()
  const waiting: Folder[] = folders.map((path) => ({ path, depth: 0 }))
  for (let visited = 0; visited < most.folders && !signal.aborted; visited++) {
    const folder = waiting.shift()
    if (folder === undefined) return
    const names = (await host.list(folder.path)).filter((name) => !ofKey.test(name)).sort()
    for (const name of names)
      if (ofCertificate.test(name)) await addFile(host, table, { path: `${folder.path}/${name}`, seen })
      else waiting.push(...(await foldersAt(host, { path: `${folder.path}/${name}`, depth: folder.depth + 1 })))
  }
  table.add({ kind: 'not-looked', path: '/etc' }, { why: `more than ${most.folders} folders` })
}

interface Folder {
  path: string
  depth: number
}

async function foldersAt(host: Host, { path, depth }: Folder): Promise<Folder[]> {
  return depth <= most.depth && (await host.facts(path))?.kind === 'folder' ? [{ path, depth }] : []
}

async function addFile(
  host: Host,
  table: LastingTable,
  { path, seen }: { path: string; seen: Set<string> },
): Promise<void> {
  // Without a byte of it: what it is shows whether it may be opened.
  const looked = await seeFile(host, path, { most: 0, hashed: false })
  if (looked === undefined || looked.about.kept !== undefined || seen.has(looked.path)) return
  seen.add(looked.path)
  if (seen.size > most.files || table.rows.size > most.certificates)
    return table.add({ kind: 'not-looked', path: folderOf(path) }, { why: 'more certificates than are told' })
  const mode = Number.parseInt(String(looked.about.mode), 8)
  if ((mode & othersRead) === 0)
    return table.add({ kind: 'not-looked', path }, { why: 'others may not read it: it may hold a private key' })
  const file = await seeFile(host, looked.path, { most: most.bytes })
  if (file === undefined) return
  const { told, malformed, more } = parseCertificates(file.text, most.certificates - table.rows.size)
  for (const { sha256, about } of told) table.add({ kind: 'certificate', path: looked.path, sha256 }, about)
  if (malformed > 0) table.add({ kind: 'malformed', path: looked.path }, { why: `${malformed} are no certificates` })
  if (more > 0 || file.isCut) table.add({ kind: 'not-looked', path: looked.path }, { why: 'more than is read of one' })
  await host.breathe()
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

/** Public halves lie beside the keys: `ssh-ed25519 AAAA... comment` (RFC 4253, 6.6). The fingerprint is that of `ssh-keygen -l`. */
async function addHostKeys(host: Host, table: LastingTable): Promise<void> {
  const names = (await host.list('/etc/ssh')).filter((name) => /^ssh_host_.*\.pub$/.test(name)).sort()
  for (const name of names.slice(0, most.keys)) {
    const path = `/etc/ssh/${name}`
    const file = await seeFile(host, path, { most: 64 * 1024 })
    const [, type, key] = /^([\w@.-]{1,100}) (AAAA[A-Za-z0-9+/=]+)/.exec(file?.text ?? '') ?? []
    if (key === undefined) table.add({ kind: 'malformed', path }, { why: 'no public key of ssh' })
    else table.add({ kind: 'host-key', path }, { type, fingerprint: fingerprintOf(key) })
  }
}

function fingerprintOf(key: string): string {
  return `SHA256:${hash('sha256', Buffer.from(key, 'base64'), 'base64').replace(/=+$/, '')}`
}
