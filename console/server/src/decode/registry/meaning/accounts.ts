import { readFields, type Structure } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Fact, Meaning } from './meaning.ts'

/** What is in `V`: place and length of each text, from where the places count (libsam; the layout is not published). */
const textsFrom = 0xcc
const texts = { name: 0x0c, full_name: 0x18, comment: 0x24, home: 0x48, script: 0x60, profile: 0x6c } as const

/** Account control bits of the low word of `F` ([MS-SAMR] 2.2.1.12). */
const flags: readonly (readonly [bit: number, says: string])[] = [
  [0x0001, 'disabled'],
  [0x0004, 'password not required'],
  [0x0010, 'normal account'],
  [0x0040, 'trust of a domain'],
  [0x0080, 'account of a workstation'],
  [0x0100, 'account of a domain controller'],
  [0x0200, 'password never expires'],
  [0x0400, 'locked'],
]

interface Account {
  rid: number
  lastSignIn: string | undefined
  passwordSet: string | undefined
  lastFailure: string | undefined
  expires: string | undefined
  flags: string[]
  failures: number
  signIns: number
}

/** Accounts of the machine itself. Their password hashes are in `V` too, and are not given. */
export const accounts: readonly Meaning[] = [{ paths: ['HKLM\\SAM\\SAM\\Domains\\*\\Users\\*'], read: accountOf }]

function accountOf(key: Key): Fact[] {
  const account = readFields(key.bytes('F'), readF)
  const named = readFields(key.bytes('V'), (v) => {
    const [name, full_name] = [textAt(v, texts.name), textAt(v, texts.full_name)]
    return { name, full_name, comment: textAt(v, texts.comment), home: textAt(v, texts.home) }
  })
  if (account === undefined || named === undefined) return []
  const id = idOf(key, account.rid)
  const email = readFields(key.bytes('InternetUserName'), (data) => data.wideToNul(0))
  const user = {
    name: named.name,
    id,
    ...(named.full_name !== '' && { full_name: named.full_name }),
    ...(email !== undefined && { email }),
  }
  const more = {
    account: {
      rid: account.rid,
      flags: account.flags,
      sign_ins: account.signIns,
      failures: account.failures,
      last_sign_in: account.lastSignIn,
      last_failure: account.lastFailure,
      password_set: account.passwordSet,
      expires: account.expires,
      comment: named.comment || undefined,
      home: named.home || undefined,
    },
  }
  const is = account.flags.includes('disabled') ? ', disabled' : ''
  return [
    {
      of: 'key',
      action: 'account-found',
      says: `Account ${named.name} (${id})${is}`,
      category: ['iam'],
      type: ['user', 'info'],
      fields: { user },
      more,
    },
    ...timesOf(account).map(
      ({ time, action, is }): Fact => ({
        of: 'entry',
        action,
        says: `Account ${named.name}: ${is}`,
        category: ['iam'],
        type: ['user', 'info'],
        at: { time, is },
        value: 'F',
        fields: { user },
      }),
    ),
  ]
}

function readF(f: Structure): Account {
  const control = f.u16(0x38)
  return {
    rid: f.u32(0x30),
    lastSignIn: f.instant(0x08),
    passwordSet: f.instant(0x18),
    expires: f.instant(0x20),
    lastFailure: f.instant(0x28),
    flags: flags.filter(([bit]) => control & bit).map(([, says]) => says),
    failures: f.u16(0x40),
    signIns: f.u16(0x42),
  }
}

/** Only the last of each is kept; the event logs have those before. */
function timesOf(account: Account): { time: string; action: string; is: string }[] {
  const { lastSignIn, lastFailure, passwordSet } = account
  return [
    { time: lastSignIn, action: 'account-last-signed-in', is: 'last signed in' },
    { time: lastFailure, action: 'account-last-failed', is: 'last failed to sign in' },
    { time: passwordSet, action: 'account-password-set', is: 'password last set' },
  ].flatMap(({ time, ...rest }) => (time === undefined ? [] : [{ time, ...rest }]))
}

function textAt(v: Structure, head: number): string {
  return v.wide(textsFrom + v.u32(head), v.u32(head + 4) >> 1)
}

/** The whole SID, where the domain says its own: it is the last of its `V`. Else the relative id alone. */
function idOf(key: Key, rid: number): string {
  const sid = readFields(key.above(2)?.bytes('V'), (v) => v.sid(v.bytes.length - 24))
  return sid?.startsWith('S-1-5-21-') === true ? `${sid}-${rid}` : String(rid)
}
