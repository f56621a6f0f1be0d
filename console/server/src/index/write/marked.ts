import type { Event } from '../../decode/decoder.ts'
import { part, textOf } from '../part.ts'
import { type MarkedField, markedGroups } from '../words.ts'

export type TakeMarked = (field: MarkedField | `${string}.${string}`, value: string) => void

/** Values of one list, and of one group. */
const mostValues = 20
const mostOfGroup = 200

/** Gives every value of an event that is marked (`markedFields`). Field by field: a loop over names costs several times as much. */
export function eachMarked(event: Event, take: TakeMarked): void {
  const { dataset, action, code, provider, reason } = event.event
  take('event.dataset', dataset)
  if (action !== undefined) give('event.action', action, take)
  if (reason !== undefined) give('event.reason', reason, take)
  if (code !== undefined) give('event.code', code, take)
  if (provider !== undefined) give('event.provider', provider, take)
  if (event.error !== undefined) give('error.message', event.error.message, take)
  eachOfPeople(event, take)
  eachOfProcess(event, take)
  eachOfNetwork(event, take)
  if (event.file !== undefined) eachOfFile(event, take)
  if (event.winlog !== undefined) eachOfWindows(event, take)
  if (event.email !== undefined) {
    const email = part(event.email)
    give('email.from.address', part(email?.from)?.address, take)
    give('email.to.address', part(email?.to)?.address, take)
  }
}

function give(field: Parameters<TakeMarked>[0], value: unknown, take: TakeMarked): void {
  if (value === undefined || value === null) return
  const items = Array.isArray(value) ? value.slice(0, mostValues) : [value]
  for (const item of items) {
    const text = textOf(item)
    if (text !== undefined) take(field, text)
  }
}

function eachOfPeople({ user, group, rule, service }: Event, take: TakeMarked): void {
  const who = part(user)
  if (who !== undefined) {
    give('user.id', who.id, take)
    give('user.domain', who.domain, take)
    give('user.effective.name', part(who.effective)?.name, take)
  }
  give('service.type', part(service)?.type, take)
  if (group !== undefined) give('group.name', part(group)?.name, take)
  if (rule !== undefined) give('rule.name', part(rule)?.name, take)
}

function eachOfProcess({ process, registry }: Event, take: TakeMarked): void {
  if (registry !== undefined) give('registry.path', part(registry)?.path, take)
  const own = part(process)
  if (own === undefined) return
  const parent = part(own.parent)
  if (parent !== undefined) {
    give('process.parent.name', parent.name, take)
    give('process.parent.pid', parent.pid, take)
  }
  const hash = part(own.hash)
  if (hash === undefined) return
  give('process.hash.md5', hash.md5, take)
  give('process.hash.sha1', hash.sha1, take)
}

function eachOfNetwork({ network, source, destination, http, url, tls, dns }: Event, take: TakeMarked): void {
  give('source.domain', part(source)?.domain, take)
  if (destination !== undefined) give('destination.domain', part(destination)?.domain, take)
  if (tls !== undefined) give('tls.client.server_name', part(part(tls)?.client)?.server_name, take)
  if (dns !== undefined) give('dns.question.name', part(part(dns)?.question)?.name, take)
  const flow = part(network)
  if (flow !== undefined) {
    give('network.transport', flow.transport, take)
    give('network.protocol', flow.protocol, take)
    give('network.direction', flow.direction, take)
  }
  if (http !== undefined) {
    const talk = part(http)
    give('http.request.method', part(talk?.request)?.method, take)
    give('http.response.status_code', part(talk?.response)?.status_code, take)
  }
  if (url !== undefined) {
    give('url.domain', part(url)?.domain, take)
    give('url.path', part(url)?.path, take)
  }
}

function eachOfFile({ file }: Event, take: TakeMarked): void {
  const own = part(file)
  give('file.name', own?.name, take)
  give('file.extension', own?.extension, take)
  const hash = part(own?.hash)
  give('file.hash.md5', hash?.md5, take)
  give('file.hash.sha1', hash?.sha1, take)
  give('file.hash.sha256', hash?.sha256, take)
}

function eachOfWindows({ winlog }: Event, take: TakeMarked): void {
  const own = part(winlog)
  give('winlog.channel', own?.channel, take)
  give('winlog.event_id', own?.event_id, take)
  give('winlog.provider_name', own?.provider_name, take)
  give('winlog.computer_name', own?.computer_name, take)
  give('winlog.logon.type', part(own?.logon)?.type, take)
  for (const group of markedGroups) {
    const values = part(own?.[group.slice('winlog.'.length)])
    for (const [key, value] of Object.entries(values ?? {}).slice(0, mostOfGroup)) give(`${group}.${key}`, value, take)
  }
}
