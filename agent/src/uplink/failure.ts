import type { Refusal } from '@tidewaiter/protocol'
import { type AgentCode, errnoOf, isAgentRefusal, refuse, saysOf } from '../error.ts'
import { placeOf } from './tls.ts'

const unresolved = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_FAIL', 'EAI_NONAME'])
const unreached = new Set([
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
])

/** Why a connection to the console did not come about, by name. */
export function failureOf(cause: unknown, address: string): Refusal<AgentCode> {
  if (isAgentRefusal(cause)) return cause
  const { host, port } = placeOf(address)
  const errno = errnoOf(cause) ?? ''
  if (unresolved.has(errno))
    return refuse('not-resolved', `${host} has no address here. Check the name, or the DNS of this machine.`, { cause })
  if (unreached.has(errno))
    return refuse(
      'not-reached',
      `Nothing answers at ${host} port ${port} (${errno}). Check that the console runs and that no firewall is between.`,
      { cause },
    )
  if (isCertificateError(errno))
    return refuse(
      'tls-refused',
      `What answers at ${host} port ${port} is not this console (${errno}). Something stands between, or the token is of another console.`,
      { cause },
    )
  return refuse(
    'tls-broken',
    `${host} port ${port} does not speak as an agent port does (${errno || saysOf(cause)}). Check the port.`,
    { cause },
  )
}

/**
 * Codes of OpenSSL's verification, as Node names them (X509_V_ERR_*), and Node's own for a wrong name. An alert is what
 * the other side says about us.
 */
function isCertificateError(errno: string): boolean {
  return (
    !errno.includes('ALERT') &&
    /CERT|ISSUER|SELF_SIGNED|SIGNATURE|_CA$|CRL|PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|UNTRUSTED/.test(errno)
  )
}
