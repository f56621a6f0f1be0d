import { EnrolReply, type EnrolRequest, paths, Refused } from '@tidewaiter/protocol'
import { Value } from 'typebox/value'
import { refuse } from '../error.ts'
import { type HostKey, isCertificateOf } from '../identity.ts'
import { requestFor } from './csr.ts'
import type { Reached } from './reach.ts'

/**
 * Has the console certify the key, which costs one use of the token. Returns the certificate (PEM).
 * @throws `token-refused`, `token-unanswered`, `key-refused`
 */
export async function certify(
  key: HostKey,
  request: Omit<EnrolRequest, 'csr'>,
  { port, trust }: Reached,
): Promise<string> {
  const body: EnrolRequest = { ...request, csr: await requestFor(key) }
  const { status, body: reply } = await port.ask({
    method: 'POST',
    path: paths.enrol,
    body,
    unanswered: 'token-unanswered',
  })
  if (Value.Check(Refused, reply)) throw refusalOf(reply, request.token)
  if (status !== 200 || !Value.Check(EnrolReply, reply))
    throw refuse(
      'token-unanswered',
      `The console answers the enrolment with status ${status} and nothing this agent knows. Check that console and agent are of the same version.`,
    )
  if (reply.host !== key.host || !isCertificateOf(key, reply.certificate, trust.ca))
    throw refuse(
      'key-refused',
      'The console sent a certificate that is not for the key of this host. Run the command again; if it stays so, take the log of the console to who runs it.',
    )
  return reply.certificate
}

function refusalOf({ code, says }: Refused, token: string) {
  const why = says.replace(/\.?$/, '.')
  if (code.startsWith('token-'))
    return refuse(
      'token-refused',
      `The console does not take token ${token}: ${why} Make a new one in the console, or with "tidewaiter token create".`,
    )
  return refuse(
    'key-refused',
    `The console does not certify the key of this host: ${why} Run the command again (${code}).`,
  )
}
