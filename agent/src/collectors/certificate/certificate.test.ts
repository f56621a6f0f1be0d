import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { newSystemHost } from '../system.fixture.ts'
import { certificates } from './index.ts'

/** openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/C=US/O=Example/CN=a.example" -addext "subjectAltName=DNS:a.example,IP:192.0.2.7" */
const pem = readFileSync(new URL('./certificate.fixture.pem', import.meta.url), 'utf8')
const key = '-----BEGIN PRIVATE KEY-----\nbm8ga2V5\n-----END PRIVATE KEY-----\n'

async function rowsFrom(files: Parameters<typeof newSystemHost>[0]) {
  const host = newSystemHost(files)
  const opened: string[] = []
  const read = host.open
  host.open = (path) => {
    opened.push(path)
    return read(path)
  }
  const rows = rowsOf(await newPasses(certificates, host)()).map(({ row }) => row)
  return { rows, opened }
}

test('a certificate is told by what it says of itself, once however many links lead to it', async () => {
  const { rows } = await rowsFrom({
    '/etc/ssl/certs/a.pem': { link: '/etc/nginx/tls/a.crt' },
    '/etc/ssl/certs/0f0f0f0f.0': { link: '/etc/nginx/tls/a.crt' },
    '/etc/nginx/tls/a.crt': pem,
  })

  expect(rows).toEqual([
    {
      ...{ kind: 'certificate', path: '/etc/nginx/tls/a.crt', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ...{ subject: 'C=US\nO=Example\nCN=a.example', issuer: 'C=US\nO=Example\nCN=a.example', ca: true },
      ...{ subjectAltName: 'DNS:a.example, IP Address:192.0.2.7', serialNumber: expect.stringMatching(/^[0-9A-F]+$/) },
      ...{ validFrom: expect.stringMatching(/^2026-/), validTo: expect.stringMatching(/Z$/) },
    },
  ])
})

test('files that may hold a private key are not opened, and of one that others may read nothing of it is told', async () => {
  const { rows, opened } = await rowsFrom({
    '/etc/ssl/private/a.pem': key,
    '/etc/haproxy/site.pem': { text: pem + key, mode: 0o600 },
    '/etc/letsencrypt/live/privkey.pem': key,
    '/etc/apache2/both.pem': key + pem,
  })

  expect(opened.filter((path) => path !== '/etc/apache2/both.pem' && path !== '/etc/haproxy/site.pem')).toEqual([])
  expect(rows).toContainEqual(expect.objectContaining({ kind: 'certificate', path: '/etc/apache2/both.pem' }))
  expect(rows).toContainEqual({
    ...{ kind: 'not-looked', path: '/etc/haproxy/site.pem' },
    why: 'others may not read it: it may hold a private key',
  })
  expect(JSON.stringify(rows)).not.toContain('bm8ga2V5')
})

test('what is no certificate, and what is more than is read, is said', async () => {
  const { rows } = await rowsFrom({
    '/etc/ssl/broken.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    '/etc/ssl/long.pem': 'x'.repeat(1024 * 1024 + 1),
  })

  expect(rows).toEqual([
    { kind: 'malformed', path: '/etc/ssl/broken.pem', why: '1 are no certificates' },
    { kind: 'not-looked', path: '/etc/ssl/long.pem', why: 'more than is read of one' },
  ])
})

test('of host keys of ssh the fingerprint is told, as ssh-keygen -l does', async () => {
  const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGUT7JVMyoiowbqzgyeTbPzdLktMnVFV9zqmJOWxLMEZ root@a\n'
  const { rows, opened } = await rowsFrom({
    '/etc/ssh/ssh_host_ed25519_key.pub': line,
    '/etc/ssh/ssh_host_ed25519_key': key,
    '/etc/ssh/ssh_host_rsa_key.pub': 'no key\n',
  })

  expect(rows).toEqual([
    {
      ...{ kind: 'host-key', path: '/etc/ssh/ssh_host_ed25519_key.pub', type: 'ssh-ed25519' },
      fingerprint: 'SHA256:8oMMvTillIBzO6bSslpzttNh+0crnKxFcBn0bujNxRs',
    },
    { kind: 'malformed', path: '/etc/ssh/ssh_host_rsa_key.pub', why: 'no public key of ssh' },
  ])
  expect(opened).not.toContain('/etc/ssh/ssh_host_ed25519_key')
})
