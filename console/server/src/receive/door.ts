import { constants, type X509Certificate } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { type ConsoleTime, type EnrolReply, enrolBytes, limits, paths, type Refused } from '@tidewaiter/protocol'
import type { Logger } from 'pino'
import { WebSocketServer } from 'ws'
import { codes, isRefusal, refuse } from '../error.ts'
import type { Keys } from '../keys/keys.ts'
import type { Admitted } from './admit.ts'
import type { Bounds } from './bounds.ts'
import { addressKey, openRates } from './rates.ts'
import { openStrangers } from './strangers.ts'
import type { OpenSocket } from './wire.ts'

export interface DoorOptions {
  keys: Pick<Keys, 'agentPort' | 'caCertificate'>
  bounds: Bounds
  log: Logger
  now(): number
  /** Answers a request to enrol; `body` is JSON as it came. Throws refusals. */
  enrol(body: unknown, address: string): Promise<EnrolReply>
  /** The host behind a key, undefined where the peer showed none. Throws refusals. */
  admit(peer: Peer): Promise<Admitted>
  serve(open: OpenSocket, host: Admitted): void
}

/** Who connects, as far as TLS has proven it. */
export interface Peer {
  publicKey: Uint8Array | undefined
  /** With this key in it; whose it is, nobody has judged. */
  certificate: X509Certificate | undefined
  address: string
}

export interface Door {
  port: number
  /** Takes no more connections; those of hosts go on. */
  close(): void
}

/** What requests cost of the share of their address; one that is refused costs more. */
const costs = { request: 1, refusal: 9 }

/**
 * The agent port: TLS 1.3 on every path, the client's certificate asked for but not judged by TLS. Whatever is not one
 * of the three paths is not there. Throws what the system says when it
 * cannot listen.
 */
export async function openDoor(options: DoorOptions, at: { host: string; port: number }): Promise<Door> {
  const { keys, bounds, log } = options
  const server = createServer({
    key: keys.agentPort.key,
    // With the CA certificate, which a new agent compares with the pin in its token.
    cert: keys.agentPort.certificate + keys.caCertificate,
    ca: keys.caCertificate,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    // Without tickets no session is resumed (measured): every connection proves its key anew.
    secureOptions: constants.SSL_OP_NO_TICKET,
    handshakeTimeout: bounds.handshakeMs,
    headersTimeout: bounds.requestMs,
    requestTimeout: bounds.requestMs,
    connectionsCheckingInterval: Math.min(bounds.requestMs / 3, 5_000),
    keepAliveTimeout: 5_000,
    maxHeaderSize: 8 * 1024,
  })
  const requests = openRates({ burst: 300, perSecond: 5 })
  const strangers = openStrangers(bounds)
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.binaryFrame,
  })
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const address = addressOf(request.socket)
    try {
      if (!requests.take(addressKey(address), costs.request))
        throw refuse('too-many-requests', 'Too many requests from this address. Try again in a minute.')
      reply(response, 200, await route(options, request, address))
    } catch (cause) {
      requests.take(addressKey(address), costs.refusal)
      const { status, refused } = refusedOf(cause, log)
      reply(response, status, refused)
    }
  }
  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const address = addressOf(request.socket)
    try {
      if (request.url !== paths.agent) throw refuse('not-found', 'There is nothing here.')
      const host = await options.admit({ ...shownBy(socket), address })
      sockets.handleUpgrade(request, socket, head, (open) => {
        strangers.admit(request.socket)
        options.serve({ socket: open, bytesRead: () => request.socket.bytesRead }, host)
      })
    } catch (cause) {
      const { status, refused } = refusedOf(cause, log)
      end(socket, status, refused)
    }
  }
  server.on('connection', (socket) => {
    // Typed for any kind of server: this one listens on TCP.
    if (!strangers.greet(socket as Socket)) socket.destroy()
  })
  server.on('tlsClientError', (_cause, socket) => socket.destroy())
  server.on('clientError', (_cause, socket) => socket.destroy())
  server.on('request', (request, response) => void answer(request, response))
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    void upgrade(request, socket, head)
  })
  const port = await listen(server, at)
  return {
    port,
    close() {
      server.close()
      server.closeAllConnections()
      sockets.close()
    },
  }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // Listening on a port, not on a path: the address is one of IP.
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

async function route(
  { enrol, now }: DoorOptions,
  request: IncomingMessage,
  address: string,
): Promise<ConsoleTime | EnrolReply> {
  const receivedAt = new Date(now()).toISOString()
  const what = `${request.method} ${request.url}`
  if (what === `GET ${paths.time}`) return { receivedAt, sentAt: new Date(now()).toISOString() }
  if (what === `POST ${paths.enrol}`) return enrol(await readJson(request), address)
  throw refuse('not-found', 'There is nothing here.')
}

/** Undefined for what is not JSON. Throws `frame-too-large`, and `frame-malformed` for one that ends too early. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  try {
    // The connection is needed for the answer, also when the request is not read to its end.
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      parts.push(part)
      bytes += part.length
      if (bytes > enrolBytes) break
    }
  } catch (cause) {
    throw refuse('frame-malformed', 'The request was cut off.', { cause })
  }
  if (bytes > enrolBytes) throw refuse('frame-too-large', `The request has more than ${enrolBytes} bytes.`)
  try {
    return JSON.parse(Buffer.concat(parts).toString())
  } catch {
    return undefined
  }
}

function refusedOf(cause: unknown, log: Logger): { status: number; refused: Refused } {
  if (isRefusal(cause)) return { status: codes[cause.code].status, refused: { code: cause.code, says: cause.says } }
  log.error({ err: cause }, 'request on the agent port failed')
  const { status, meaning } = codes['internal-error']
  return { status, refused: { code: 'internal-error', says: meaning } }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return
  // A connection that was refused something is not kept: what is left of its request is not read.
  const headers = { 'content-type': 'application/json', ...(status >= 400 && { connection: 'close' }) }
  response.writeHead(status, headers).end(JSON.stringify(body))
}

/** Answers on a socket that asked to be upgraded. */
function end(socket: Duplex, status: number, body: Refused): void {
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy())
}

function addressOf(socket: Pick<Socket, 'remoteAddress'>): string {
  return socket.remoteAddress ?? 'unknown'
}

/** The certificate that the peer showed, whose key it has proven to own. Issuer and dates say nothing here (`evidence.md` 9). */
function shownBy(socket: Duplex): Omit<Peer, 'address'> {
  const nothing = { publicKey: undefined, certificate: undefined }
  if (!(socket instanceof TLSSocket) || socket.isSessionReused()) return nothing
  try {
    const certificate = socket.getPeerX509Certificate()
    return { publicKey: certificate?.publicKey.export({ format: 'der', type: 'spki' }), certificate }
  } catch {
    // A key of a kind that OpenSSL does not know.
    return nothing
  }
}
