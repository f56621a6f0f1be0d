import type { Severity } from '@tidewaiter/protocol/api'
import { inWords, type Tally } from '../detector.ts'
import type { Attack, Thresholds } from './sign-in-attack.ts'
import type { Run } from './sign-in-runs.ts'

/** What opened weighs most; names that do not exist open nothing. */
export function severityOf(attack: Attack, { failures, accounts, slowFailures }: Thresholds): Severity {
  if (attack.opened.length > 0) return 'high'
  if (attack.unknown.length === attack.accounts) return 'low'
  const many = attack.most.accounts >= accounts.value || attack.failures >= slowFailures.value
  return many || attack.most.failures >= 5 * failures.value ? 'medium' : 'low'
}

/** @param host its name, where it is known */
export function titleOf(attack: Attack, source: Pick<Tally, 'subject_type' | 'subject'>, host?: string): string {
  const { failures, firstMs, lastMs } = attack
  const inside = source.subject_type === 'account'
  const who = inside ? `Account ${short(source.subject)}` : source.subject
  const whom = inside ? ' from no recorded address' : ` for ${accountsText(attack)}`
  const where = host === undefined ? '' : ` on ${short(host)}`
  return `${who} failed ${number(failures)} sign-ins${whom}${where} in ${span(lastMs - firstMs)}${endOf(attack)}`
}

function endOf({ opened }: Attack): string {
  const names = [...new Set(opened.map(nameOf))]
  if (names.length === 0) return ''
  const more = names.length > 3 ? ` and ${names.length - 2} more` : ''
  return `, then signed in as ${names.slice(0, more === '' ? 3 : 2).join(', ')}${more}`
}

function accountsText({ accounts, runs: [first], unknown }: Attack): string {
  const strangers = unknown.length === accounts
  if (accounts > 1 || first === undefined) return `${number(accounts)} accounts${strangers ? ' that do not exist' : ''}`
  return strangers && first.account !== '' ? `${nameOf(first)}, which does not exist,` : nameOf(first)
}

export function whyOf(attack: Attack, settings: Thresholds): string[] {
  const { most, failures, unknown } = attack
  const loud = most.failures >= settings.failures.value
  return [
    ...(loud ? [`${number(most.failures)} failures in the hour with most. ${inWords(settings.failures)}`] : []),
    ...(most.accounts >= settings.accounts.value
      ? [`${number(most.accounts)} accounts in the hour with most. ${inWords(settings.accounts)}`]
      : []),
    ...strangers(unknown, settings),
    ...(!loud && failures >= settings.slowFailures.value
      ? [`${number(failures)} failures, never more than ${most.failures} in an hour. ${inWords(settings.slowFailures)}`]
      : []),
    ...attack.opened.slice(0, 5).map((run) => openedText(run, settings)),
  ]
}

function strangers(unknown: readonly string[], { unknownAccounts }: Thresholds): string[] {
  if (unknown.length === 0) return []
  const named = unknown.slice(0, 5).map(short).join(', ')
  const more = unknown.length > 5 ? ` and ${number(unknown.length - 5)} more` : ''
  const searching = unknown.length >= unknownAccounts.value ? ` ${inWords(unknownAccounts)}` : ''
  return [`${named}${more}: no such account on this host.${searching}`]
}

function openedText(run: Run, { beforeSuccess }: Thresholds): string {
  const { failures } = run
  if (failures === 0) return `${nameOf(run)} signed in at the first try while other accounts were tried.`
  const says = `${nameOf(run)} signed in after ${number(failures)} ${failures === 1 ? 'failure' : 'failures'} of its own.`
  return failures >= beforeSuccess.value ? `${says} ${inWords(beforeSuccess)}` : says
}

function nameOf({ account }: Run): string {
  return account === null || account === '' ? 'an account without a name' : short(account)
}

/** The one who tries chooses the name, and may choose a long one. */
function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}

function span(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}
