import { toEnd, toIp } from '../address.ts'
import type { Message } from '../decoder.ts'
import { defined } from '../row.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'
import type { Notice } from './notice.ts'

export const dataset = 'ibm-mq'
const service = { name: 'ibm-mq' }

const channel = "'(?<channel>[^']{1,64})'"
const user = "'(?<user>[^']{0,64})'"
const blocked = { ...meanings.refused, category: ['authentication', 'network'] } as const
const manager = (type: 'start' | 'end', action: string) => ({ category: ['process'], type: [type], action })
const tls = meanings.protocolRefused

/** Messages by their number (ibm.com/docs/en/ibm-mq, "IBM MQ AMQ messages"), and what stands in their text. */
const known: Readonly<Record<string, Sentence>> = {
  '5534': { pattern: new RegExp(`^User ID ${user} authentication failed`), is: meanings.notSignedIn },
  '5540': {
    pattern: /^Application '(?<application>[^']{0,64})' did not supply a user ID and password/,
    is: meanings.notSignedIn,
  },
  '5541': {
    pattern: /^The failed authentication check was caused by .{0,80}? (?<check>CHCK\w{1,8}\(\w{1,12}\))/,
    is: meanings.notSignedIn,
  },
  '5542': {
    pattern: /^The failed authentication check was caused by .{0,80}? (?<check>CHCK\w{1,8}\(\w{1,12}\))/,
    is: meanings.notSignedIn,
  },
  '8077': {
    pattern: new RegExp(
      `^Entity ${user} has insufficient authority to access object '?(?<object>[^'\\[\\]]{1,64}(?:\\[[^\\]]{1,64}\\])?)`,
    ),
    is: meanings.userNotAllowed,
  },
  '8075': { pattern: new RegExp(`^Authorization failed because .{0,60}? entity ${user}`), is: meanings.userNotAllowed },
  '9245': { pattern: /^Unable to obtain account details for channel MCA user ID/, is: meanings.userNotAllowed },
  '9557': {
    pattern: new RegExp(`^Queue Manager User ID initialization failed(?: for ${user})?`, 'i'),
    is: meanings.notSignedIn,
  },
  '9776': { pattern: /^Channel was blocked by user ?id/i, is: blocked },
  '9777': { pattern: /^Channel was blocked/, is: blocked },
  '9781': { pattern: /^Channel was blocked/, is: blocked },
  '9782': { pattern: /^(?:Connection|Channel) was blocked/, is: blocked },
  '9790': { pattern: /^The .{1,80}? not? .{1,200}/, is: meanings.notSignedIn },
  '9791': { pattern: /^The client application did not supply a user ID and password/, is: meanings.notSignedIn },
  '9631': { pattern: /^The CipherSpec negotiated/, is: tls },
  '9633': { pattern: new RegExp(`^Bad SSL certificate for channel ${channel}`), is: tls },
  '9637': { pattern: /^Channel is lacking a certificate/, is: tls },
  '9639': { pattern: new RegExp(`^Remote channel ${channel} did not specify a`), is: tls },
  '9001': { pattern: new RegExp(`^Channel ${channel} ended normally`), is: meanings.closed },
  '9002': { pattern: new RegExp(`^Channel ${channel} is starting`), is: meanings.opened },
  '9202': { pattern: /^Remote host .{1,255} not available/, is: { ...meanings.broken, action: 'connection-failed' } },
  '9208': { pattern: /^Error on receive from host /, is: meanings.broken },
  '9209': {
    pattern: new RegExp(`^Connection to host .{1,255}?(?: for channel ${channel})? closed`),
    is: meanings.broken,
  },
  '9206': { pattern: /^Error sending data to host /, is: meanings.broken },
  '9207': { pattern: /^The data received from host .{1,255} is not valid/, is: meanings.protocolRefused },
  '9999': { pattern: new RegExp(`^Channel ${channel}.{0,255} ended abnormally`), is: meanings.broken },
  '8003': { pattern: /^(?:IBM|WebSphere) MQ queue manager .{1,64} started/, is: manager('start', 'server-started') },
  '8004': { pattern: /^(?:IBM|WebSphere) MQ queue manager .{1,64} ended/, is: manager('end', 'server-stopped') },
}

const levels: Readonly<Record<string, string>> = { I: 'info', W: 'warning', E: 'error', S: 'severe', T: 'fatal' }

export function levelOf({ id }: Notice): string | undefined {
  return levels[id.slice(7)]
}

/** What a message means; one whose number is not known keeps its text. */
export function messageOf(notice: Notice): Message {
  const { id, text, explanation = '', inserts, manager: name } = notice
  const sentence = Object.hasOwn(known, id.slice(3, 7)) ? known[id.slice(3, 7)] : undefined
  const read = sentence && readSentence([sentence], text, service.name)
  const message: Message = read ?? { event: { category: ['process'], type: ['info'] }, service }
  message.event = { ...message.event, code: id }
  if (message.event.outcome === 'failure' && message.event.reason === undefined) message.event.reason = text
  const account = accountIn(id, explanation, inserts)
  if (account !== undefined) message.user ??= account
  const source = remoteOf(notice)
  if (source !== undefined && read !== undefined) message.source = source
  const within = /^(?:The inbound channel|Channel) '([^']{1,64})'/.exec(explanation)?.[1]
  const own = defined({
    manager: name,
    channel: within,
    explanation: explanation || undefined,
    inserts: Object.keys(inserts).length > 0 ? inserts : undefined,
    ...message.tidewaiter,
  })
  message.tidewaiter = own ?? {}
  return message
}

/** The values that a record of channel authentication was matched with name the client's account. */
function accountIn(
  id: string,
  explanation: string,
  inserts: Readonly<Record<string, string>>,
): { name: string } | undefined {
  if (!/^AMQ97(?:76|77|81|82)/.test(id)) return undefined
  const values =
    /The active values of the channel were '([^']{1,512})'/.exec(explanation)?.[1] ?? inserts.CommentInsert3 ?? ''
  const names = [...values.matchAll(/\b(?:CLNTUSER|MCAUSER)\(([^()]{1,64})\)/g)].map(([, each = '']) => each)
  const client = /\bCLNTUSER\(([^()]{1,64})\)/.exec(values)?.[1]
  // Twice means that one of them is what a client calls itself.
  return client === undefined || names.filter((each) => each === client).length !== 1 ? undefined : { name: client }
}

/** The other end: as the head of an entry names it, or its text in `host 'name (192.0.2.7)(1414)'`, `address '192.0.2.7'`. */
function remoteOf({ remote, text, explanation = '' }: Notice): Message['source'] {
  const said =
    remote ??
    /\b(?:host|Host|address) '?(?<end>[^']{1,255}?)(?:'|$| not | ended| for )/.exec(`${text} ${explanation}`)?.groups
      ?.end
  if (said === undefined) return undefined
  const words = said.split(/[\s(),']+/).filter((each) => each !== '')
  const ip = words.find((each) => toIp(each) !== undefined)
  const name = words.find((each) => toIp(each) === undefined && /[A-Za-z]/.test(each))
  if (ip === undefined) return name === undefined ? undefined : toEnd(name)
  return name === undefined ? toEnd(ip) : { ...toEnd(ip), domain: name }
}
