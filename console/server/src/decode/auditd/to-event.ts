import { toEnd } from '../address.ts'
import type { Event } from '../decoder.ts'
import { toCount } from '../text.ts'
import { instant } from '../time.ts'
import { addFile } from './file.ts'
import type { Group } from './groups.ts'
import { type AuditLine, type Fields, scan } from './line.ts'
import { addProcess } from './process.ts'
import { type Said, saidBy } from './said.ts'
import { readSocketAddress } from './socket-address.ts'
import { type Call, callOf } from './syscalls.ts'

const dataset = 'auditd'

/** The one event that these lines tell of. */
export function toEvent({ ids, texts }: Group): Event {
  const lines = texts.flatMap((text) => scan(text) ?? [])
  const [first] = lines
  const [record = ''] = ids
  const event: Event = {
    event: { kind: 'event', dataset, category: ['host'], type: ['info'], original: texts.join('\n') },
    message: '',
    tidewaiter: { record, ...(ids.length > 1 && { records: ids }) },
  }
  if (first === undefined) return event
  addTime(event, first)
  const call = lines.find(({ type }) => type === 'SYSCALL')
  // What the kernel refused is the event, whatever call it was.
  const main = lines.find(({ type }) => type === 'AVC') ?? call ?? first
  const what = main.type === 'SYSCALL' ? calledBy(main) : undefined
  addWhat(event, main, what)
  for (const { fields, names } of call === undefined ? [main] : [main, call]) addWho(event, fields, names)
  addProcess(event, lines)
  addFile(event, lines, what)
  addEnds(event, lines, what)
  event.message = messageOf(event, main)
  return event
}

function calledBy({ fields, names }: AuditLine): Call | undefined {
  return callOf(fields.get('arch'), fields.get('syscall'), names.get('SYSCALL'))
}

function addTime(event: Event, { seconds, milliseconds, serial, node }: AuditLine): void {
  const at = instant(seconds, milliseconds)
  if (at !== undefined) event['@timestamp'] = at
  event.event.sequence = serial
  if (node !== undefined) event.host = { name: node }
}

function addWhat(event: Event, { type, fields }: AuditLine, call: Call | undefined): void {
  const said: Said = call === undefined ? saidBy(type) : { ...call, category: [call.category] }
  event.event.action = type === 'SYSCALL' && call === undefined ? 'called' : said.action
  event.event.category = said.category
  event.event.type = said.type
  event.event.code = type
  const outcome = outcomeOf(fields)
  if (outcome !== undefined) event.event.outcome = outcome
  const key = fields.get('key')
  // Of a rule that has several keys (auditctl(8)).
  if (key !== undefined) event.tags = key.split('\u0001')
  const number = fields.get('syscall')
  if (number !== undefined) event.tidewaiter.syscall = call?.name ?? number
}

const outcomes: Readonly<Record<string, 'success' | 'failure'>> = {
  yes: 'success',
  success: 'success',
  '1': 'success',
  no: 'failure',
  failed: 'failure',
  '0': 'failure',
}

function outcomeOf(fields: Fields): 'success' | 'failure' | undefined {
  if (fields.get('apparmor') === 'DENIED') return 'failure'
  const said = fields.get('success') ?? fields.get('res') ?? fields.get('result')
  return said !== undefined && Object.hasOwn(outcomes, said) ? outcomes[said] : undefined
}

/** How the kernel says that nobody has signed in: -1 of an unsigned number. */
const nobody = '4294967295'

function addWho(event: Event, fields: Fields, names: Fields): void {
  const [uid, euid, auid] = [fields.get('uid'), fields.get('euid'), fields.get('auid')]
  const account = fields.get('acct')
  const name = account ?? known(names.get('UID'))
  // An account that is signed in to, or changed, is another one than the program that says so runs as.
  const id = account === undefined ? uid : fields.get('id')
  const user = {
    ...(name !== undefined && { name }),
    ...(id !== undefined && { id }),
    ...(euid !== undefined && euid !== uid && account === undefined && { effective: { id: euid } }),
  }
  if (Object.keys(user).length > 0) event.user ??= user
  if (auid !== undefined && auid !== nobody) event.tidewaiter.login_uid ??= auid
  const session = fields.get('ses')
  if (session !== undefined && session !== nobody) event.tidewaiter.session ??= session
  const terminal = fields.get('terminal') ?? fields.get('tty')
  if (terminal !== undefined) event.tidewaiter.terminal ??= terminal
  const unit = fields.get('unit')
  if (unit !== undefined) event.service ??= { name: unit }
}

function known(name: string | undefined): string | undefined {
  return name === 'unset' || name === 'unknown' ? undefined : name
}

function addEnds(event: Event, lines: readonly AuditLine[], call: Call | undefined): void {
  const saddr = lines.find(({ type }) => type === 'SOCKADDR')?.fields.get('saddr')
  const end = saddr === undefined ? undefined : readSocketAddress(saddr)
  if (end !== undefined && 'path' in end) event.tidewaiter.socket_path = end.path
  else if (end !== undefined) event[call?.end ?? 'destination'] = end
  const { fields } = lines[0] ?? {}
  const address = fields?.get('addr') ?? fields?.get('hostname')
  if (address === undefined) return
  const port = toCount(fields?.get('rport') ?? '')
  event.source ??= toEnd(address, port)
}

function messageOf({ event, process, tidewaiter, ...rest }: Event, { fields }: AuditLine): string {
  const { command_line: command, executable, name } = (process ?? {}) as Record<string, string | undefined>
  const object =
    (event.category?.[0] === 'process' ? command : undefined) ??
    nameOf(rest.destination) ??
    nameOf(rest.source) ??
    tidewaiter.socket_path ??
    nameOf(rest.file) ??
    nameOf(rest.user) ??
    fields.get('unit') ??
    fields.get('op')
  const doing = executable ?? name
  return [event.action, object, doing === undefined ? undefined : `(${doing})`]
    .filter((word) => word !== undefined)
    .join(' ')
}

/** What a part of the document is called by. */
function nameOf(part: unknown): string | undefined {
  const { address, path, name } = (part ?? {}) as Record<string, string | undefined>
  return address ?? path ?? name
}
