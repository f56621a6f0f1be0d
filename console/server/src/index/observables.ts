import type { Event } from '../decode/decoder.ts'
import { fileNameOf, hostOfUrl, normalValue } from './normal-value.ts'
import type { SeenType } from './observable-key.ts'
import { part } from './part.ts'
import { eachInText } from './text-values.ts'

/** Takes a value as it stands in the event. `valuesOf` says what it is kept as. */
export type Take = (type: SeenType, raw: string) => void

/**
 * Gives every value of an event that is kept as an observable. `port` is the one something was reached at: the other end
 * of a connection has any number.
 */
export function eachValue(event: Event, takeAll: Take): void {
  const { source, destination, client, server } = event
  const addresses: string[] = []
  const take: Take = (type, raw) => {
    if (type === 'ip') addresses.push(raw)
    takeAll(type, raw)
  }
  eachEnd(part(source), take)
  eachEnd(part(destination), take)
  eachEnd(part(client), take)
  eachEnd(part(server), take)
  const port = part(destination)?.port ?? part(server)?.port
  if (typeof port === 'number') take('port', String(port))
  eachOfUser(part(event.user), take)
  eachOfProcess(part(event.process), take)
  eachOfFile(part(event.file), take)
  eachOfNetwork(event, take)
  eachOfMail(part(event.email), take)
  const text = event.event.original ?? event.message
  if (text !== undefined) eachBeside(event, text, { take: takeAll, addresses })
}

/** What stands in the text and was not named by the decoder: a value counts once in an event. */
function eachBeside({ url }: Event, text: string, { take, addresses }: { take: Take; addresses: string[] }): void {
  eachInText(text, (type, raw) => {
    if (type === 'url' ? url !== undefined : addresses.includes(raw)) return
    if (type === 'ip') addresses.push(raw)
    take(type, raw)
  })
}

function eachEnd(end: Record<string, unknown> | undefined, take: Take): void {
  if (end === undefined) return
  give(end.ip, 'ip', take)
  give(end.domain, 'domain', take)
}

function eachOfUser(user: Record<string, unknown> | undefined, take: Take): void {
  if (user === undefined) return
  give(user.name, 'account', take)
  give(user.email, 'email', take)
  give(part(user.target)?.name, 'account', take)
  give(part(user.effective)?.name, 'account', take)
}

function eachOfProcess(process: Record<string, unknown> | undefined, take: Take): void {
  if (process === undefined) return
  give(process.name, 'file-name', take)
  give(process.executable, 'file-path', take)
  eachHash(part(process.hash), take)
  const parent = part(process.parent)
  give(parent?.name, 'file-name', take)
  give(parent?.executable, 'file-path', take)
}

function eachOfFile(file: Record<string, unknown> | undefined, take: Take): void {
  if (file === undefined) return
  give(file.path, 'file-path', take)
  give(file.target_path, 'file-path', take)
  if (file.path === undefined) give(file.name, 'file-name', take)
  eachHash(part(file.hash), take)
}

function eachHash(hash: Record<string, unknown> | undefined, take: Take): void {
  if (hash === undefined) return
  give(hash.sha256, 'sha256', take)
  give(hash.sha1, 'sha1', take)
  give(hash.md5, 'md5', take)
}

function eachOfNetwork({ url, dns, tls, dll, host, http }: Event, take: Take): void {
  const address = part(url)
  give(address?.full ?? address?.original, 'url', take)
  give(address?.domain, 'domain', take)
  give(part(part(http)?.request)?.referrer, 'url', take)
  const name = part(dns)
  give(part(name?.question)?.name, 'domain', take)
  give(name?.resolved_ip, 'ip', take)
  give(part(part(tls)?.client)?.server_name, 'domain', take)
  eachHash(part(part(dll)?.hash), take)
  give(part(host)?.ip, 'ip', take)
}

function eachOfMail(email: Record<string, unknown> | undefined, take: Take): void {
  if (email === undefined) return
  for (const end of ['from', 'to', 'cc', 'bcc', 'sender', 'reply_to']) give(part(email[end])?.address, 'email', take)
}

/** Values of one list that are looked at. */
const mostOfList = 100

function give(value: unknown, type: SeenType, take: Take): void {
  if (typeof value === 'string') {
    if (value !== '') take(type, value)
  } else if (Array.isArray(value))
    for (const item of value.slice(0, mostOfList)) if (typeof item === 'string' && item !== '') take(type, item)
}

/** A value in its normal form. */
export interface Seen {
  type: SeenType
  value: string
}

/** What a value is kept as: itself, and what it holds: the host of a URL, the domain of an address, the name of a file. */
export function valuesOf(type: SeenType, raw: string): readonly Seen[] {
  const value = normalValue(type, raw)
  if (value === undefined) return readings[type]?.(raw) ?? []
  const seen = { type, value }
  if (type === 'url') return [seen, hostOfUrl(value) ?? []].flat()
  if (type === 'email') return [seen, { type: 'domain', value: value.slice(value.lastIndexOf('@') + 1) }]
  const name = type === 'file-path' ? fileNameOf(value) : undefined
  return name === undefined ? [seen] : [seen, { type: 'file-name', value: name }]
}

/** What else a value may be that is none of its own kind: names are addresses at times, and file names paths. */
const readings: Partial<Record<SeenType, (raw: string) => readonly Seen[]>> = {
  domain: (raw) => asAnother('ip', raw),
  ip: (raw) => asAnother('domain', raw),
  'file-name': (raw) => (/[/\\]/.test(raw) ? valuesOf('file-path', raw) : []),
}

function asAnother(type: SeenType, raw: string): readonly Seen[] {
  const value = normalValue(type, raw)
  return value === undefined ? [] : [{ type, value }]
}
