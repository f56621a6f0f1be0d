import { failureOf } from './failures.ts'
import type { Meaning } from './meaning.ts'
import { end, numberIn, putter, type Rule, text, textIn } from './rule.ts'

const category = ['authentication'] as const
const type = ['start'] as const

/** Result codes of Kerberos (RFC 4120 7.5.9), in our words. */
const kerberosReasons: ReadonlyMap<number, string> = new Map([
  [0x6, 'no such user'],
  [0x7, 'no such service'],
  [0xc, 'policy'],
  [0xe, 'encryption not supported'],
  [0x12, 'account disabled, expired or locked'],
  [0x17, 'password expired'],
  [0x18, 'wrong password'],
  [0x19, 'more proof needed'],
  [0x1f, 'changed on the way'],
  [0x20, 'ticket expired'],
  [0x25, 'clocks too far apart'],
])

const unknownUser = 0x6
const putReason = putter('event.reason')

/** Failure and its reason as the value `Status` says; 0 is success. */
const kerberosOutcome: Rule = (document, fields) => {
  const status = numberIn(fields, 'Status')
  if (status === undefined) return
  document.event.outcome = status === 0 ? 'success' : 'failure'
  putReason(document, kerberosReasons.get(status))
  if (status === unknownUser) document.tidewaiter.unknown_user = true
}

const ntlmOutcome: Rule = (document, fields) => {
  const status = textIn(fields, 'Status')
  if (status === undefined) return
  document.event.outcome = Number(status) === 0 ? 'success' : 'failure'
  const failure = failureOf(status)
  putReason(document, failure?.reason)
  if (failure?.isUnknownUser === true) document.tidewaiter.unknown_user = true
}

const client = end('IpAddress', 'IpPort', 'source')

const putName = putter('user.name')
const putDomain = putter('user.domain')

/** The owner of a ticket: tickets for services name them `ana@BROKER.EXAMPLE`. */
const owner: readonly Rule[] = [
  text('TargetSid', 'user.id'),
  (document, fields) => {
    const name = textIn(fields, 'TargetUserName')
    const at = name?.lastIndexOf('@') ?? -1
    putName(document, at > 0 ? name?.slice(0, at) : name)
    putDomain(document, textIn(fields, 'TargetDomainName') ?? (at > 0 ? name?.slice(at + 1) : undefined))
  },
]

/** Checks of credentials, on the machine that made them: mostly a domain controller. */
export const credentialMeanings: readonly [number, Meaning][] = [
  [
    4768,
    {
      says: 'A Kerberos sign-in ticket was asked for',
      action: 'sign-in-ticket-requested',
      category,
      type,
      outcome: 'audited',
      rules: [...owner, client, text('ServiceName', 'service.name'), kerberosOutcome],
      about: 'user.name',
    },
  ],
  [
    4769,
    {
      says: 'A Kerberos service ticket was asked for',
      action: 'service-ticket-requested',
      category,
      type,
      outcome: 'audited',
      rules: [...owner, client, text('ServiceName', 'service.name'), kerberosOutcome],
      about: 'user.name',
    },
  ],
  [
    4771,
    {
      says: 'Kerberos pre-authentication failed',
      action: 'sign-in',
      category,
      type,
      outcome: 'failure',
      rules: [...owner, client, text('ServiceName', 'service.name'), kerberosOutcome],
      about: 'user.name',
    },
  ],
  [
    4776,
    {
      says: 'The domain checked credentials',
      action: 'credentials-checked',
      category,
      type,
      outcome: 'audited',
      rules: [text('TargetUserName', 'user.name'), workstation(), ntlmOutcome],
      about: 'user.name',
    },
  ],
]

/** NTLM gives the name that the client chose for itself. */
function workstation(): Rule {
  const [putAddress, putName] = [putter('source.address'), putter('source.domain')]
  return (document, fields) => {
    const name = textIn(fields, 'Workstation')
    putAddress(document, name)
    putName(document, name)
  }
}
