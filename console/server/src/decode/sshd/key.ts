/** A public key as sshd names it in a log line. */
export interface Key {
  type: string
  fingerprint: string
  /** Of a certificate: what the one who signed it wrote into it. */
  id?: string
  serial?: string
  authority?: { type: string; fingerprint: string }
}

/** `ED25519 SHA256:...`, or `ED25519-CERT SHA256:... ID name (serial 5) CA RSA SHA256:...`; undefined for anything else. */
export function toKey(text: string): Key | undefined {
  const [type = '', word = ''] = text.split(' ', 2)
  const fingerprint = word.endsWith(',') ? word.slice(0, -1) : word
  if (!fingerprint.includes(':')) return undefined
  const idAt = text.indexOf(' ID ')
  const authorityAt = text.lastIndexOf(' CA ')
  const serialAt = text.lastIndexOf(' (serial ', authorityAt)
  if (idAt < 0 || serialAt < idAt + 4) return { type, fingerprint }
  const [caType = '', caFingerprint = ''] = text.slice(authorityAt + 4).split(' ', 2)
  return {
    type,
    fingerprint,
    id: text.slice(idAt + 4, serialAt),
    serial: text.slice(serialAt + 9, authorityAt - 1),
    authority: { type: caType, fingerprint: caFingerprint },
  }
}
