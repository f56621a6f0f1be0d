import { hash } from 'node:crypto'

export interface AuthorizedKey {
  type: string
  /** As `ssh-keygen -l` prints it: SHA-256 of the key in base64 without padding. */
  fingerprint: string
  /** What the key may do and from where, as it stands. */
  options?: string
  comment?: string
}

const types = /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/
const certificates = /^[a-z0-9-]{1,40}-cert-v01@openssh\.com$/

/** One line of authorized_keys (sshd(8)); undefined for what is no key. */
export function parseKey(line: string): AuthorizedKey | undefined {
  const direct = keyIn(line)
  if (direct !== undefined) return direct
  const end = endOfOptions(line)
  const key = keyIn(line.slice(end).trimStart())
  return key && { ...key, options: line.slice(0, end) }
}

function keyIn(text: string): AuthorizedKey | undefined {
  const [, type = '', base64 = '', comment = ''] =
    /^(\S{1,60})\s+([A-Za-z0-9+/]{16,65536}={0,2})(?:\s+(.*))?$/.exec(text) ?? []
  if (!types.test(type) && !certificates.test(type)) return undefined
  const digest = hash('sha256', Buffer.from(base64, 'base64'), 'base64').replace(/=+$/, '')
  return { type, fingerprint: `SHA256:${digest}`, ...(comment !== '' && { comment }) }
}

/** Options have no blanks but within double quotes, and a backslash keeps a quote from ending them. */
function endOfOptions(line: string): number {
  let isQuoted = false
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]
    if (character === '\\' && line[at + 1] === '"') at += 1
    else if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && (character === ' ' || character === '\t')) return at
  }
  return line.length
}
