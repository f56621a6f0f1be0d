import { subject } from './accounts.ts'
import { failureOf } from './failures.ts'
import type { Meaning } from './meaning.ts'
import { end, number, numberIn, program, putter, type Rule, text, textIn } from './rule.ts'

/** LogonType as Winlogbeat words it (Microsoft, event 4624). */
const logonTypes: ReadonlyMap<number, string> = new Map([
  [0, 'System'],
  [2, 'Interactive'],
  [3, 'Network'],
  [4, 'Batch'],
  [5, 'Service'],
  [7, 'Unlock'],
  [8, 'NetworkCleartext'],
  [9, 'NewCredentials'],
  [10, 'RemoteInteractive'],
  [11, 'CachedInteractive'],
  [12, 'CachedRemoteInteractive'],
  [13, 'CachedUnlock'],
])

const putType = putter('winlog.logon.type')

const logonType: Rule = (document, fields) => {
  const type = numberIn(fields, 'LogonType')
  if (type !== undefined) putType(document, logonTypes.get(type) ?? String(type))
}

/** Whose session it is. */
const owner: readonly Rule[] = [
  text('TargetUserSid', 'user.id'),
  text('TargetUserName', 'user.name'),
  text('TargetDomainName', 'user.domain'),
  text('TargetLogonId', 'winlog.logon.id'),
  logonType,
]

const from: readonly Rule[] = [
  end('IpAddress', 'IpPort', 'source'),
  (document, fields) => {
    const name = textIn(fields, 'WorkstationName')
    if (name !== undefined)
      document.source = { address: name, domain: name, ...(document.source as object | undefined) }
  },
]

const by: readonly Rule[] = [number('ProcessId', 'process.pid'), program('ProcessName', 'process')]

const putReason = putter('event.reason')

const why: Rule = (document, fields) => {
  const failure = failureOf(textIn(fields, 'Status'), textIn(fields, 'SubStatus'))
  putReason(document, failure?.reason)
  if (failure?.isUnknownUser === true) document.tidewaiter.unknown_user = true
}

const authentication = ['authentication'] as const

export const signInMeanings: readonly [number, Meaning][] = [
  [
    4624,
    {
      says: 'An account signed in',
      action: 'sign-in',
      category: ['authentication', 'session'],
      type: ['start'],
      outcome: 'success',
      rules: [...owner, ...from, ...by],
      about: 'user.name',
    },
  ],
  [
    4625,
    {
      says: 'An account failed to sign in',
      action: 'sign-in',
      category: authentication,
      type: ['start'],
      outcome: 'failure',
      rules: [
        ...owner,
        ...from,
        ...by,
        text('Status', 'winlog.logon.failure.status'),
        text('SubStatus', 'winlog.logon.failure.sub_status'),
        why,
      ],
      about: 'user.name',
    },
  ],
  [4634, left('A session ended')],
  [4647, left('An account signed out')],
  [
    4648,
    {
      says: 'A sign-in with other credentials was tried',
      action: 'sign-in-as',
      category: authentication,
      type: ['start'],
      // It is written before anyone has looked at the credentials.
      outcome: 'unknown',
      rules: [
        ...subject,
        text('TargetUserName', 'user.target.name'),
        text('TargetDomainName', 'user.target.domain'),
        end('IpAddress', 'IpPort', 'source'),
        ...by,
        text('TargetServerName', 'destination.address'),
      ],
      about: 'user.target.name',
    },
  ],
  [
    4672,
    {
      says: 'Special privileges were given to a new session',
      action: 'privileges-assigned',
      category: ['iam'],
      type: ['admin'],
      outcome: 'success',
      rules: subject,
      about: 'user.name',
    },
  ],
]

/** The end of a session was not tried, so that it has no outcome. */
function left(says: string): Meaning {
  return {
    says,
    action: 'sign-out',
    category: ['authentication', 'session'],
    type: ['end'],
    rules: owner,
    about: 'user.name',
  }
}
