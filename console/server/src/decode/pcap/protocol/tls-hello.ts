import { latin1, u8, u16, u24 } from '../bytes.ts'

/** What a hello says in the clear (RFC 8446, section 4.1, and the versions before). */
export interface Hello {
  isClient: boolean
  serverName?: string
  /** Of a client what it offers, of a server what it chose. */
  applications: readonly string[]
  /** That the server chose. */
  version?: number
}

const [clientHello, serverHello] = [1, 2]
const extensions = { serverName: 0, applications: 16, versions: 43 }
const mostApplications = 16

/** How DTLS differs (RFC 6347, section 4.2): a longer head of the message, a cookie, and versions that count down. */
export interface Manner {
  head: number
  hasCookie: boolean
  isVersion(version: number): boolean
}

/** Undefined for what is no hello. What was not captured is not told. */
export function helloAt(bytes: Uint8Array, at: number, { head, hasCookie, isVersion }: Manner): Hello | undefined {
  const type = u8(bytes, at)
  const length = u24(bytes, at + 1)
  const version = u16(bytes, at + head)
  const session = u8(bytes, at + head + 34)
  const isHello = type === clientHello || type === serverHello
  if (!isHello || length < 38 || !isVersion(version) || session < 0 || session > 32) return undefined
  const isClient = type === clientHello
  let next = at + head + 35 + session
  if (isClient) {
    if (hasCookie) next += 1 + Math.max(0, u8(bytes, next))
    const suites = u16(bytes, next)
    if (suites === 0 || suites % 2 === 1 || suites > length) return undefined
    next += 2 + suites
    next += 1 + Math.max(0, u8(bytes, next))
  } else next += 3
  const hello: Hello = { isClient, applications: [] }
  if (!isClient) hello.version = version
  addExtensions(hello, bytes, next)
  return hello
}

function addExtensions(hello: Hello, bytes: Uint8Array, from: number): void {
  const end = Math.min(bytes.length, from + 2 + Math.max(0, u16(bytes, from)))
  for (let at = from + 2; at + 4 <= end; ) {
    const type = u16(bytes, at)
    const to = at + 4 + u16(bytes, at + 2)
    if (to > end) return
    if (type === extensions.serverName && hello.isClient) addServerName(hello, bytes, at + 4)
    if (type === extensions.applications) hello.applications = applicationsIn(bytes, at + 6, to)
    if (type === extensions.versions && !hello.isClient) hello.version = u16(bytes, at + 4)
    at = to
  }
}

/** RFC 6066, section 3: a list, of which only names of hosts were ever used. */
function addServerName(hello: Hello, bytes: Uint8Array, at: number): void {
  const length = u16(bytes, at + 3)
  if (u8(bytes, at + 2) !== 0 || length <= 0 || length > 255 || at + 5 + length > bytes.length) return
  hello.serverName = latin1(bytes, at + 5, at + 5 + length)
}

/** RFC 7301: each name after its length. */
function applicationsIn(bytes: Uint8Array, from: number, to: number): string[] {
  const names: string[] = []
  for (let at = from; at < to && names.length < mostApplications; ) {
    const length = u8(bytes, at)
    if (length <= 0 || at + 1 + length > to) break
    names.push(latin1(bytes, at + 1, at + 1 + length))
    at += 1 + length
  }
  return names
}

/** ECS fields of both hellos. */
export function helloFields(
  client: Hello | undefined,
  server: Hello | undefined,
  version: { protocol: string; text: string } | undefined,
): Record<string, unknown> {
  const [chosen] = server?.applications ?? []
  return {
    tls: {
      ...(client?.serverName !== undefined && { client: { server_name: client.serverName } }),
      ...(chosen !== undefined && { next_protocol: chosen }),
      ...(version !== undefined && { version: version.text, version_protocol: version.protocol }),
    },
  }
}

/** What the client offers stands beside what the server chose. */
export function offered(client: Hello | undefined): Record<string, unknown> {
  return client === undefined || client.applications.length === 0 ? {} : { tls_offers: client.applications }
}
