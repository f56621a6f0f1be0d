import { X509Certificate } from 'node:crypto'
import { lookInto } from '../data-folder.ts'
import { causeAndFix, isAgentRefusal } from '../error.ts'
import { type Identity, isCertificateOf, isRenewalDue, readEnrolment, readIdentity } from '../identity.ts'
import { placeOf } from '../uplink/tls.ts'
import type { Examined, Finding } from './finding.ts'

const again = 'tidewaiter-agent enroll --again --token-file FILE'

/** To whom this machine belongs, and that its key and its certificate are what the console knows. */
export function enrolmentFindings({ path, host }: Examined): { findings: Finding[]; identity?: Identity } {
  const folder = lookInto(path)
  const findings: Finding[] = []
  try {
    const { addresses, enrolledAt, host: id } = readEnrolment(folder)
    const { host: name, port } = placeOf(addresses[0] ?? '')
    findings.push({ name: 'enrolment', ok: true, says: `host ${id} of ${name}:${port} since ${enrolledAt}` })
    const identity = readIdentity(folder)
    findings.push({ name: 'key', ok: true, says: 'is the one of this host' })
    findings.push(certificateFinding(identity, host.now()))
    return { findings, identity }
  } catch (cause) {
    if (!isAgentRefusal(cause) || cause.code === 'not-permitted') throw cause
    const { cause: says, fix } = causeAndFix(cause)
    const name = findings.length === 0 ? 'enrolment' : 'key'
    return { findings: [...findings, { name, ok: false, says, ...(fix !== undefined && { fix }) }] }
  }
}

function certificateFinding({ key, enrolment }: Identity, nowMs: number): Finding {
  const name = 'certificate'
  const { certificate, ca } = enrolment
  if (!isCertificateOf(key, certificate, ca))
    return { name, ok: false, says: 'is not of this key and this console', fix: again }
  const { validToDate } = new X509Certificate(certificate)
  const until = validToDate.toISOString().slice(0, 10)
  if (nowMs > validToDate.getTime())
    return {
      name,
      ok: false,
      says: `ended on ${until}`,
      fix: 'Let the agent run: it asks for a new one, and a person approves it in the console.',
    }
  if (isRenewalDue(certificate, nowMs))
    return { name, ok: true, says: `valid until ${until}`, fix: 'None needed: a running agent renews it by itself.' }
  return { name, ok: true, says: `valid until ${until}` }
}
