import { createPrivateKey, hash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { namesOf } from './addresses.ts'
import type { Deps } from './deps.ts'
import { refuse } from './error.ts'

/** What the port of the screens speaks TLS with. */
export interface WebTls {
  cert: string
  key: string
  /** SHA-256 of the certificate as browsers show it, where the console made it itself. */
  ownFingerprint: string | null
}

/** Certificate and key of the screens, PEM files. */
export interface TlsFiles {
  certificateFile: string
  keyFile: string
}

/** A certificate of the console's own CA, for an office that has none. */
export async function ownTls({ keys, now }: Pick<Deps, 'keys' | 'now'>, host: string): Promise<WebTls> {
  const { certificate, key } = await keys.screens(namesOf(host), now())
  return { cert: certificate, key, ownFingerprint: hash('sha256', new X509Certificate(certificate).raw) }
}

/** The office's own certificate. Throws `file-unreadable`, `input-malformed`. */
export async function readTls({ certificateFile, keyFile }: TlsFiles): Promise<WebTls> {
  const [cert, key] = await Promise.all([textOf(certificateFile), textOf(keyFile)])
  const certificate = parsed(() => new X509Certificate(cert), `${certificateFile} is not a certificate in PEM.`)
  const privateKey = parsed(() => createPrivateKey(key), `${keyFile} is not a private key in PEM without a passphrase.`)
  if (!certificate.checkPrivateKey(privateKey))
    throw refuse('input-malformed', `${keyFile} is not the key of the certificate in ${certificateFile}.`)
  return { cert, key, ownFingerprint: null }
}

function parsed<Result>(parse: () => Result, says: string): Result {
  try {
    return parse()
  } catch (cause) {
    throw refuse('input-malformed', says, { cause })
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw refuse('file-unreadable', `${file} cannot be read.`, { cause })
  }
}
