import { causeAndFix, isAgentRefusal, meaningOf } from '../error.ts'
import { fingerprintOf, type Identity } from '../identity.ts'
import { measureOffset, offsetInWords } from '../uplink/clock-offset.ts'
import { type Passed, type Reached, reach } from '../uplink/reach.ts'
import type { Examined, Finding } from './finding.ts'

/** Kerberos (RFC 4120, 7.5.1) takes no more, and people who lay two logs side by side are misled. */
const farOffMs = 5 * 60_000

/** The way to the console, step by step as at the enrolment, up to the first that fails. */
export async function consoleFindings({ enrolment }: Identity, { host }: Examined): Promise<Finding[]> {
  const findings: Finding[] = []
  const report = ({ step, says }: Passed) => findings.push({ name: step.toLowerCase(), ok: true, says })
  try {
    const reached = await reach(enrolment.addresses, { clock: host, pin: fingerprintOf(enrolment.ca), report })
    findings.push(await clockFinding(reached, { host }))
    return findings
  } catch (cause) {
    if (!isAgentRefusal(cause)) throw cause
    const name = (meaningOf(cause.code).step ?? 'connect').toLowerCase()
    const { cause: says, fix } = causeAndFix(cause)
    return [...findings, { name, ok: false, says, ...(fix !== undefined && { fix }) }]
  }
}

async function clockFinding({ port }: Reached, { host }: Pick<Examined, 'host'>): Promise<Finding> {
  const name = 'clock'
  try {
    const offset = await measureOffset(port, host)
    if (offset === undefined) return { name, ok: true, says: 'was set while it was measured', fix: 'Run doctor again.' }
    const says = offsetInWords(offset.ms)
    if (Math.abs(offset.ms) <= farOffMs) return { name, ok: true, says }
    return { name, ok: false, says, fix: 'timedatectl set-ntp true. Evidence is taken all the same, with this offset.' }
  } finally {
    port.close()
  }
}
