import type { Event, Message } from '../decoder.ts'
import { defined } from '../row.ts'
import { meanings } from '../sentence.ts'
import type { Values } from './values.ts'

const adders: Readonly<Record<string, (event: Event, values: Values) => void>> = {
  ssh: addSsh,
  kerberos: addKerberos,
  ntlm: addNtlm,
  radius: addRadius,
  ftp: addFtp,
}

/** Logs that say of an account whether it signed in. */
export function addAccount(event: Event, path: string, values: Values): boolean {
  const add = Object.hasOwn(adders, path) ? adders[path] : undefined
  if (add === undefined) return false
  event.network = { ...(event.network as object | undefined), protocol: path }
  add(event, values)
  return true
}

function set(event: Event, { category, type, outcome, action }: Message['event']): void {
  if (category !== undefined) event.event.category = [...category, 'network']
  if (type !== undefined) event.event.type = type
  if (outcome !== undefined) event.event.outcome = outcome
  if (action !== undefined) event.event.action = action
}

function ended(success: boolean | undefined): Message['event'] {
  if (success === undefined) return meanings.undecided
  return success ? meanings.signedIn : meanings.notSignedIn
}

/** Zeek infers from the sizes of packets whether a sign-in went well; where it cannot, it leaves the field out. */
function addSsh(event: Event, values: Values): void {
  const [success, attempts] = [values.flag('auth_success'), values.count('auth_attempts')]
  set(event, ended(success))
  if (attempts !== undefined) event.tidewaiter.attempts = attempts
}

/** A first request without a password is refused by design (RFC 4120, 3.1.3): that is no failed sign-in. */
function addKerberos(event: Event, values: Values): void {
  const [type, success, error] = [values.text('request_type'), values.flag('success'), values.text('error_msg')]
  const asks =
    type === 'TGS' ? ticket(success) : error === 'KDC_ERR_PREAUTH_REQUIRED' ? meanings.undecided : ended(success)
  set(event, type === undefined ? meanings.undecided : asks)
  if (error !== undefined) event.event.reason = error
  const [client = '', service] = [values.text('client'), values.text('service')]
  const mark = client.lastIndexOf('/')
  const user = mark < 0 ? client : client.slice(0, mark)
  const domain = mark < 0 ? undefined : client.slice(mark + 1) || undefined
  if (user !== '') event.user = { name: user, ...(domain !== undefined && { domain }) }
  Object.assign(event.tidewaiter, defined({ request: type, service, cipher: values.text('cipher') }))
}

function ticket(success: boolean | undefined): Message['event'] {
  const outcome = success === undefined ? 'unknown' : success ? 'success' : 'failure'
  return { category: ['authentication'], type: ['info'], outcome, action: 'ticket-requested' }
}

function addNtlm(event: Event, values: Values): void {
  set(event, ended(values.flag('success')))
  const [name, domain] = [values.text('username'), values.text('domainname')]
  if (name !== undefined) event.user = { name, ...(domain !== undefined && { domain }) }
  const workstation = values.text('hostname')
  if (workstation !== undefined) event.tidewaiter.workstation = workstation
}

function addRadius(event: Event, values: Values): void {
  const result = values.text('result')
  set(event, ended(result === 'success' ? true : result === 'failed' ? false : undefined))
  const name = values.text('username')
  if (name !== undefined) event.user = { name }
}

function addFtp(event: Event, values: Values): void {
  const [name, command, argument] = [values.text('user'), values.text('command'), values.text('arg')]
  event.event.type = ['protocol']
  event.event.action = 'ftp-command'
  if (name !== undefined && name !== '<unknown>') event.user = { name }
  // No password is kept in the index.
  values.drop('password')
  Object.assign(event.tidewaiter, defined({ command, argument: command === 'PASS' ? undefined : argument }))
}
