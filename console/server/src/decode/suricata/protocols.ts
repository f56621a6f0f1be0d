import { toIp } from '../address.ts'
import type { Message } from '../decoder.ts'
import { countIn, defined, isRow, type Row, rowIn, textIn } from '../row.ts'

const protocol = { category: ['network'], type: ['protocol'] } as const

export function readHttp(http: Row): Partial<Message> {
  const [host, original, status] = [textIn(http, 'hostname'), textIn(http, 'url'), countIn(http, 'status')]
  const mark = original?.indexOf('?') ?? -1
  const url = defined({
    domain: host,
    original,
    path: mark < 0 ? original : original?.slice(0, mark),
    query: mark < 0 ? undefined : original?.slice(mark + 1),
    port: countIn(http, 'http_port'),
  })
  const bytes = countIn(http, 'length')
  const exchange = {
    version: /^HTTP\/(\d(?:\.\d)?)$/.exec(textIn(http, 'protocol') ?? '')?.[1],
    request: defined({ method: textIn(http, 'http_method'), referrer: textIn(http, 'http_refer') }),
    response: defined({
      status_code: status,
      body: bytes === undefined ? undefined : { bytes },
      mime_type: textIn(http, 'http_content_type'),
    }),
  }
  const agent = textIn(http, 'http_user_agent')
  return {
    event: {
      category: ['network', 'web'],
      type: ['protocol', 'access'],
      action: 'request',
      ...(status !== undefined && { outcome: status < 400 ? 'success' : 'failure' }),
    },
    ...(url !== undefined && { url }),
    http: defined(exchange) ?? {},
    ...(agent !== undefined && { more: { user_agent: { original: agent } } }),
  }
}

/** Up to release 7 the question stands in the row itself, since then in a list. */
export function readDns(dns: Row): Partial<Message> {
  const asked = Array.isArray(dns.queries) && isRow(dns.queries[0]) ? dns.queries[0] : dns
  const [name, type, code] = [textIn(asked, 'rrname'), textIn(asked, 'rrtype'), textIn(dns, 'rcode')]
  const answers = (Array.isArray(dns.answers) ? dns.answers : []).filter(isRow).slice(0, 100)
  const data = answers.map((answer) =>
    defined({
      name: textIn(answer, 'rrname'),
      type: textIn(answer, 'rrtype'),
      data: textIn(answer, 'rdata'),
      ttl: countIn(answer, 'ttl'),
    }),
  )
  const addresses = answers.map((answer) => textIn(answer, 'rdata') ?? '').filter((text) => toIp(text) !== undefined)
  const isAnswer = /^(?:answer|response)$/.test(textIn(dns, 'type') ?? '')
  const id = countIn(dns, 'id')
  const fields = defined({
    type: isAnswer ? 'answer' : 'query',
    id: id === undefined ? undefined : String(id),
    question: name === undefined ? undefined : { name, ...(type !== undefined && { type }) },
    response_code: code,
    answers: data.length > 0 ? data : undefined,
    resolved_ip: addresses.length > 0 ? addresses : undefined,
  })
  return {
    event: {
      ...protocol,
      action: 'dns-query',
      ...(code !== undefined && { outcome: code === 'NOERROR' ? 'success' : 'failure' }),
    },
    ...(fields !== undefined && { more: { dns: fields } }),
  }
}

export function readTls(tls: Row): Partial<Message> {
  const version = /^(TLS|SSL)v?\s?(\d(?:\.\d)?)$/.exec(textIn(tls, 'version') ?? '')
  const fingerprint = textIn(tls, 'fingerprint')?.replaceAll(':', '').toUpperCase()
  const client = defined({ server_name: textIn(tls, 'sni'), ja3: textIn(rowIn(tls, 'ja3'), 'hash') })
  const server = defined({
    subject: textIn(tls, 'subject'),
    issuer: textIn(tls, 'issuerdn'),
    not_before: utc(textIn(tls, 'notbefore')),
    not_after: utc(textIn(tls, 'notafter')),
    ja3s: textIn(rowIn(tls, 'ja3s'), 'hash'),
    hash: fingerprint !== undefined && /^[0-9A-F]{40}$/.test(fingerprint) ? { sha1: fingerprint } : undefined,
  })
  const fields = defined({
    version: version?.[2],
    version_protocol: version?.[1]?.toLowerCase(),
    client,
    server,
    resumed: tls.session_resumed === true ? true : undefined,
  })
  const own = defined({ ja4: textIn(tls, 'ja4'), serial: textIn(tls, 'serial') })
  return {
    event: { ...protocol, action: 'tls-handshake' },
    ...(fields !== undefined && { more: { tls: fields } }),
    ...(own !== undefined && { tidewaiter: own }),
  }
}

/** Validity of a certificate is UTC (RFC 5280, 4.1.2.5), and written without saying so. */
function utc(text: string | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text ?? '') ? `${text}Z` : undefined
}

export function readSsh(ssh: Row): Partial<Message> {
  const own = defined({
    client_software: textIn(rowIn(ssh, 'client'), 'software_version'),
    server_software: textIn(rowIn(ssh, 'server'), 'software_version'),
  })
  return { event: { ...protocol, action: 'ssh-handshake' }, ...(own !== undefined && { tidewaiter: own }) }
}

/** A file that was put together from what passed by. */
export function readFile(info: Row): Partial<Message> {
  const path = textIn(info, 'filename')
  const file = defined({
    path,
    name: path?.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1),
    size: countIn(info, 'size'),
    mime_type: textIn(info, 'mimetype'),
    hash: defined({ md5: textIn(info, 'md5'), sha1: textIn(info, 'sha1'), sha256: textIn(info, 'sha256') }),
  })
  const own = defined({ magic: textIn(info, 'magic'), state: textIn(info, 'state') })
  return {
    event: { category: ['network', 'file'], type: ['info'], action: 'file-seen' },
    ...(file !== undefined && { file }),
    ...(own !== undefined && { tidewaiter: own }),
  }
}

export function readMail(smtp: Row, row: Row): Partial<Message> {
  const mail = rowIn(row, 'email')
  const to = (Array.isArray(smtp.rcpt_to) ? smtp.rcpt_to : []).filter((each) => typeof each === 'string').map(bare)
  const from = textIn(smtp, 'mail_from')
  const email = defined({
    from: from === undefined ? undefined : { address: [bare(from)] },
    to: to.length > 0 ? { address: to } : undefined,
    subject: textIn(mail, 'subject'),
    message_id: textIn(mail, 'message_id'),
  })
  return {
    event: { category: ['network', 'email'], type: ['protocol', 'info'], action: 'mail-sent' },
    ...(email !== undefined && { email }),
  }
}

function bare(address: string): string {
  return address.replace(/^<(.*)>$/, '$1')
}
