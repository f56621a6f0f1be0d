import { toIp } from '../address.ts'
import type { Event } from '../decoder.ts'
import { defined } from '../row.ts'
import type { Values } from './values.ts'

const adders: Readonly<Record<string, (event: Event, values: Values) => void>> = {
  dns: addDns,
  http: addHttp,
  ssl: addTls,
  dce_rpc: addRpc,
  rdp: addRdp,
  smtp: addSmtp,
}

/** Logs of what was said over a connection. */
export function addProtocol(event: Event, path: string, values: Values): boolean {
  const add = Object.hasOwn(adders, path) ? adders[path] : undefined
  if (add === undefined) return false
  event.event.type = ['protocol']
  event.network = { ...(event.network as object | undefined), protocol: path === 'ssl' ? 'tls' : path }
  add(event, values)
  return true
}

const flags = ['AA', 'TC', 'RD', 'RA'] as const

function addDns(event: Event, values: Values): void {
  const [name, type, code] = [values.text('query'), values.text('qtype_name'), values.text('rcode_name')]
  const ask = { name, type, class: values.text('qclass_name')?.replace(/^C_INTERNET$/, 'IN') }
  const [answers, ttls] = [values.list('answers'), values.list('TTLs')]
  const set = flags.filter((flag) => values.flag(flag) === true)
  const addresses = answers.filter((answer) => toIp(answer) !== undefined)
  event.dns = defined({
    type: code === undefined ? 'query' : 'answer',
    id: values.text('trans_id'),
    question: name === undefined ? undefined : defined(ask),
    response_code: code,
    answers: full(answers.map((data, i) => ({ data, ...ttlOf(ttls[i]) }))),
    resolved_ip: full(addresses),
    header_flags: full(set),
  })
  event.event.action = 'dns-query'
  if (code !== undefined) event.event.outcome = code === 'NOERROR' ? 'success' : 'failure'
  const rtt = values.real('rtt')
  if (rtt !== undefined && rtt >= 0 && rtt < 1e6) event.event.duration = Math.round(rtt * 1e9)
  for (const drop of ['qclass', 'qtype', 'rcode', 'Z']) values.drop(drop)
  event.tidewaiter.says = [type, name, code].filter(Boolean).join(' ')
}

function full<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list
}

function ttlOf(text: string | undefined): { ttl?: number } {
  const ttl = Number(text ?? Number.NaN)
  return Number.isFinite(ttl) && ttl >= 0 ? { ttl: Math.trunc(ttl) } : {}
}

function addHttp(event: Event, values: Values): void {
  const [method, host, uri] = [values.text('method'), values.text('host'), values.text('uri')]
  const status = values.count('status_code')
  event.event.category = ['network', 'web']
  event.event.type = ['protocol', 'access']
  event.event.action = 'request'
  if (status !== undefined) event.event.outcome = status < 400 ? 'success' : 'failure'
  if (host !== undefined || uri !== undefined) event.url = urlOf(host, uri)
  event.http = defined({
    version: values.text('version'),
    request: defined({ method, referrer: values.text('referrer'), body: bytesOf(values.count('request_body_len')) }),
    response: defined({
      status_code: status,
      body: bytesOf(values.count('response_body_len')),
      mime_type: values.list('resp_mime_types')[0],
    }),
  })
  const [agent, user] = [values.text('user_agent'), values.text('username')]
  if (agent !== undefined) event.user_agent = { original: agent }
  if (user !== undefined) event.user = { name: user }
  // No password is kept in the index, though Zeek may have been told to write it.
  values.drop('password')
  event.tidewaiter.says = [method, host === undefined ? uri : `${host}${uri ?? ''}`, status].filter(Boolean).join(' ')
}

function bytesOf(bytes: number | undefined): { bytes: number } | undefined {
  return bytes === undefined ? undefined : { bytes }
}

function urlOf(host: string | undefined, uri: string | undefined): Record<string, string> {
  const domain = host?.replace(/:\d{1,5}$/, '')
  const mark = uri?.indexOf('?') ?? -1
  return {
    ...(domain !== undefined && { domain }),
    ...(uri !== undefined && { original: uri, path: mark < 0 ? uri : uri.slice(0, mark) }),
    ...(uri !== undefined && mark >= 0 && { query: uri.slice(mark + 1) }),
  }
}

function addTls(event: Event, values: Values): void {
  const version = /^(?<protocol>TLS|SSL)v(?<major>\d)(?<minor>\d)?$/.exec(values.text('version') ?? '')?.groups
  const [established, resumed] = [values.flag('established'), values.flag('resumed')]
  const client = {
    server_name: values.text('server_name'),
    ja3: values.text('ja3'),
    subject: values.text('client_subject'),
    issuer: values.text('client_issuer'),
  }
  const hash = values.text('resp_certificate_sha1') ?? values.text('cert_chain_fps')
  const server = {
    subject: values.text('subject'),
    issuer: values.text('issuer'),
    ja3s: values.text('ja3s'),
    hash: hash !== undefined && /^[0-9a-f]{40}$/i.test(hash) ? { sha1: hash.toUpperCase() } : undefined,
  }
  event.tls = defined({
    version: version && `${version.major}.${version.minor ?? '0'}`,
    version_protocol: version?.protocol?.toLowerCase(),
    cipher: values.text('cipher'),
    curve: values.text('curve'),
    next_protocol: values.text('next_protocol'),
    established,
    resumed,
    client: defined(client),
    server: defined(server),
  })
  event.event.action = 'tls-handshake'
  if (established !== undefined) event.event.outcome = established ? 'success' : 'failure'
  const validation = values.text('validation_status')
  if (validation !== undefined) event.tidewaiter.validation = validation
  event.tidewaiter.says = [client.server_name, server.subject, validation].filter(Boolean).join(', ')
}

function addRpc(event: Event, values: Values): void {
  const rpc = {
    pipe: values.text('named_pipe'),
    endpoint: values.text('endpoint'),
    operation: values.text('operation'),
  }
  event.event.action = 'rpc-call'
  Object.assign(event.tidewaiter, defined(rpc))
  event.tidewaiter.says = [rpc.endpoint, rpc.operation].filter(Boolean).join(' ')
}

function addRdp(event: Event, values: Values): void {
  event.event.action = 'rdp-connection'
  event.event.type = ['protocol', 'connection']
  // What the client says of itself before anyone has signed in: a name, cut off at nine characters.
  const told = { cookie: values.text('cookie'), client_name: values.text('client_name'), result: values.text('result') }
  Object.assign(event.tidewaiter, defined(told))
}

function addSmtp(event: Event, values: Values): void {
  const [from, to] = [values.text('mailfrom'), values.list('rcptto')]
  const email = defined({
    from: from && { address: [from] },
    to: to.length > 0 ? { address: to } : undefined,
    subject: values.text('subject'),
    message_id: values.text('msg_id'),
    x_mailer: values.text('user_agent'),
  })
  event.event.category = ['network', 'email']
  event.event.action = 'mail-sent'
  event.event.type = ['protocol', 'info']
  if (email !== undefined) event.email = email
}
