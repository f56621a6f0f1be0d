import { has, latin1, line } from '../bytes.ts'
import { type Found, mostText, type StreamProtocol } from '../protocol.ts'

/** IANA's registry of HTTP methods, as far as they are in use, and those of UPnP and BITS. */
const methods = new Set(
  (
    'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK SEARCH REPORT ' +
    'CHECKOUT CHECKIN MERGE MKACTIVITY ACL BIND REBIND UNBIND SUBSCRIBE UNSUBSCRIBE NOTIFY POLL BITS_POST RPC_IN_DATA ' +
    'RPC_OUT_DATA CCM_POST'
  ).split(' '),
)
const longestMethod = 12
/** RFC 9113, section 3.4. */
const preface2 = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

export const http: StreamProtocol = {
  name: 'http',
  finds(asks, answers) {
    if (has(asks, 0, preface2)) return { name: 'http', fields: { http: { version: '2' } } }
    const [request, response] = [requestIn(asks) ?? requestIn(answers), responseIn(answers) ?? responseIn(asks)]
    return request === undefined && response === undefined ? undefined : foundOf(request, response)
  },
}

interface Request {
  method: string
  target: string
  version: string
  headers: ReadonlyMap<string, string>
}

interface Response {
  status: number
  version: string
  headers: ReadonlyMap<string, string>
}

function requestIn(bytes: Uint8Array): Request | undefined {
  const space = bytes.subarray(0, longestMethod + 1).indexOf(32)
  if (space < 3) return undefined
  const method = latin1(bytes, 0, space)
  if (!methods.has(method)) return undefined
  const first = line(bytes, 0)
  const [, target = '', version] = /^[A-Z_]+ (\S+) HTTP\/(\d\.\d)$/.exec(first ?? '') ?? []
  if (version !== undefined) return { method, target, version, headers: headersIn(bytes) }
  return first === undefined ? cutRequest(bytes, method, space + 1) : undefined
}

/** A target that is longer than what is kept of it. */
function cutRequest(bytes: Uint8Array, method: string, from: number): Request | undefined {
  const isTarget = has(bytes, from, '/') || has(bytes, from, 'http://')
  if (!isTarget || bytes.length < mostText || bytes.includes(10)) return undefined
  return { method, target: latin1(bytes, from, bytes.length), version: '', headers: new Map() }
}

function responseIn(bytes: Uint8Array): Response | undefined {
  if (!has(bytes, 0, 'HTTP/1.') && !has(bytes, 0, 'http/1.')) return undefined
  const [, version = '', status] = /^HTTP\/(1\.[01]) ([1-5]\d\d)(?: .*)?$/i.exec(line(bytes, 0) ?? '') ?? []
  return status === undefined ? undefined : { version, status: Number(status), headers: headersIn(bytes) }
}

const mostHeaders = 100

/** Names in small letters; of a name that comes twice the first. */
function headersIn(bytes: Uint8Array): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  let at = bytes.indexOf(10) + 1
  for (let count = 0; count < mostHeaders && at > 0; count++) {
    const text = line(bytes, at)
    if (text === undefined || text === '') break
    const colon = text.indexOf(':')
    const name = text.slice(0, Math.max(0, colon)).toLowerCase()
    if (!headers.has(name)) headers.set(name, text.slice(colon + 1).trim())
    at = bytes.indexOf(10, at) + 1
  }
  return headers
}

function foundOf(request: Request | undefined, response: Response | undefined): Found {
  const version = response?.version || request?.version
  const agent = request?.headers.get('user-agent')
  const type = response?.headers.get('content-type')?.split(';')[0]
  return {
    name: 'http',
    fields: {
      http: {
        ...(version !== undefined && version !== '' && { version }),
        ...(request !== undefined && { request: { method: request.method } }),
        ...(response !== undefined && {
          response: { status_code: response.status, ...(type !== undefined && { mime_type: type.slice(0, mostText) }) },
        }),
      },
      ...(request !== undefined && { url: urlOf(request) }),
      ...(agent !== undefined && { user_agent: { original: agent.slice(0, mostText) } }),
    },
  }
}

function urlOf({ target, headers, method }: Request): Record<string, unknown> {
  const host = (headers.get('host') ?? '').slice(0, mostText)
  const [, domain = host, port] = /^(.*):(\d{1,5})$/.exec(host) ?? []
  const isPath = target.startsWith('/') && method !== 'CONNECT'
  const [path, query] = splitAt(target, '?')
  return {
    original: target.slice(0, mostText),
    ...(domain !== '' && { domain }),
    ...(port !== undefined && { port: Number(port) }),
    ...(isPath && { path: path.slice(0, mostText) }),
    ...(isPath && query !== undefined && { query: query.slice(0, mostText) }),
  }
}

function splitAt(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
