import 'reflect-metadata'
import { hash, X509Certificate } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Duplex, Readable } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import {
  type AgentMessage,
  type Batch,
  type ConsoleMessage,
  chunkCount,
  formatToken,
  hostIdOf,
  isChunkFrame,
  type Lineage,
  limits,
  type Offer,
  parseAgentMessage,
  parseChunk,
  paths,
  placeOf,
  type SignedHead,
  serverNameOf,
  signHead,
  splitBatch,
  type Tip,
  verifyBatch,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Ca, derOf, issue, newCa, newPair, pemOf } from './certificates.fixture.ts'

/** What the console holds of one host. */
export interface HeldHost {
  publicKey: Uint8Array
  /** The host's own line, in the order it came. */
  line: Batch[]
  /** Batches that do not fit into it. */
  branch: Batch[]
  gaps: number
  lineage: Lineage | undefined
  messages: AgentMessage[]
  socket: WebSocket | undefined
}

/** What the console does with a batch it has verified; only `drop-unstored` does not keep it. */
export type Answering = 'ack' | 'twice' | 'wrong' | 'withhold' | 'drop' | 'drop-unstored'

interface Options {
  /** Certificate chain and key of the agent port, when it is not the honest one. */
  port?: { cert: string; key: string }
  ca?: Ca
}

/** A console on a real loopback connection with mutual TLS: verifies as the real one does, and misbehaves on demand. */
export async function startFakeConsole({ port, ca }: Options = {}): Promise<FakeConsole> {
  const authority = ca ?? (await newCa())
  const serverName = serverNameOf(authority.fingerprint)
  const leaf = newPair()
  const certificate = await issue(authority, leaf.spki, { subject: `CN=${serverName}`, serverName })
  const fake = new FakeConsole(authority, port ?? { cert: certificate + authority.pem, key: pemOf(leaf) })
  await fake.listen()
  onTestFinished(() => fake.close())
  return fake
}

export class FakeConsole {
  readonly ca: Ca
  readonly serverName: string
  readonly secret = 'ab'.repeat(16)
  readonly hosts = new Map<string, HeldHost>()
  answer: (batch: Batch) => Answering = () => 'ack'
  windowBytes: number = limits.window
  /** What `welcome` says instead of the truth. */
  welcomeAfter: ((host: HeldHost) => Tip | null) | undefined
  policy: Record<string, unknown> = {}
  /** What a path answers instead of the truth: text as it is, anything else as JSON; or nothing, or without end. */
  readonly answers = new Map<string, { status: number; body: unknown } | 'silence' | 'endless'>()
  /** Artifacts by their SHA-256, with the chunks that came of each, in the order they came. */
  readonly artifacts = new Map<string, { offer: Offer; chunks: { number: number; bytes: Uint8Array }[] }>()
  /** True ends the connection before the chunk is taken. */
  dropChunk: (number: number) => boolean = () => false
  /** What is said of an offer instead of taking it. */
  unwanted: { code: string; says: string } | undefined
  /** Requests by their path, in the order they came. */
  readonly asked: string[] = []
  /** Added to the console's clock. */
  aheadMs = 0
  certificateOf: (spki: Uint8Array) => Promise<string>
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: limits.binaryFrame })
  readonly #ledgerKey = derOf(newPair())
  #size = 0

  constructor(ca: Ca, port: { cert: string; key: string }) {
    this.ca = ca
    this.serverName = serverNameOf(ca.fingerprint)
    this.certificateOf = (spki) => issue(ca, spki, { subject: 'CN=host' })
    this.#server = createServer({ ...port, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' })
    this.#server.on('request', (request, response) => void this.#answerRequest(request, response))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  get address(): string {
    return `wss://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get token(): string {
    return formatToken({ a: [this.address], c: this.ca.fingerprint, i: '0123456789abcdef', s: this.secret })
  }

  /** The host that was admitted last. */
  get host(): HeldHost {
    return [...this.hosts.values()].at(-1) as HeldHost
  }

  send(message: ConsoleMessage | string | Buffer): void {
    const data = typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)
    for (const { socket } of this.hosts.values()) socket?.send(data)
  }

  /** Ends every connection without a word. */
  drop(): void {
    for (const socket of this.#sockets.clients) socket.terminate()
  }

  /** Adds a host, as an enrolment does. */
  async admit(spki: Uint8Array, lineage?: Lineage): Promise<{ host: string; certificate: string }> {
    const host = hostIdOf(hash('sha256', spki, 'buffer'))
    const certificate = await this.certificateOf(spki)
    const empty = { line: [], branch: [], gaps: 0, messages: [], socket: undefined }
    this.hosts.set(host, { publicKey: spki, lineage, ...empty })
    return { host, certificate }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.drop()
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  #now(): string {
    return new Date(Date.now() + this.aheadMs).toISOString()
  }

  #newHead(): SignedHead {
    this.#size += 1
    const sign = (data: Uint8Array) => nodePrimitives.signP256(this.#ledgerKey, data)
    return signHead({ ledger: 'cd'.repeat(16), size: this.#size, root: new Uint8Array(32), time: this.#now() }, sign)
  }

  async #answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    this.asked.push(path)
    const answer = this.answers.get(path) ?? (path === paths.time ? this.#time() : await this.#enrol(request))
    if (answer === 'silence') return
    if (answer === 'endless') return void Readable.from(spaces()).pipe(response)
    const { status, body } = answer
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  }

  #time() {
    return { status: 200, body: { receivedAt: this.#now(), sentAt: this.#now() } }
  }

  async #enrol(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const wanted = JSON.parse(Buffer.concat(parts).toString())
    if (wanted.secret !== this.secret)
      return { status: 403, body: { code: 'token-refused', says: 'The token is unknown, expired or used up.' } }
    return { status: 200, body: await this.admit(keyIn(wanted.csr), wanted.lineage) }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { raw } = (socket instanceof TLSSocket && socket.getPeerCertificate()) || {}
    const spki = raw && new X509Certificate(raw).publicKey.export({ format: 'der', type: 'spki' })
    const host = spki && this.hosts.get(hostIdOf(hash('sha256', spki, 'buffer')))
    const refused = JSON.stringify({ code: 'host-unknown', says: 'No host with this key is enrolled here.' })
    if (!host) socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-length: ${refused.length}\r\n\r\n${refused}`)
    else this.#sockets.handleUpgrade(request, socket, head, (connection) => this.#serve(connection, host))
  }

  #serve(connection: WebSocket, host: HeldHost): void {
    host.socket?.terminate()
    host.socket = connection
    connection.on('error', () => {})
    connection.on('message', (data: Buffer, isBinary) => {
      if (isBinary && isChunkFrame(data)) this.#takeChunk(connection, data)
      else if (isBinary) this.#take(connection, host, data)
      else void this.#hear(connection, host, parseAgentMessage(data.toString()))
    })
  }

  async #hear(connection: WebSocket, host: HeldHost, message: AgentMessage): Promise<void> {
    host.messages.push(message)
    const say = (answer: ConsoleMessage) => connection.send(JSON.stringify(answer))
    const now = { receivedAt: this.#now(), sentAt: this.#now() }
    if (message.type === 'hello') {
      const after = this.welcomeAfter === undefined ? tipOf(host) : this.welcomeAfter(host)
      say({ type: 'welcome', after, window: this.windowBytes, ...now, policy: this.policy })
    } else if (message.type === 'time') say({ type: 'time', askedAt: message.sentAt, ...now })
    else if (message.type === 'offer') this.#want(message.offer, say)
    else if (message.type === 'renew') {
      const spki = keyIn(message.csr)
      const { lineage } = message
      const certificate = lineage ? (await this.admit(spki, lineage)).certificate : await this.certificateOf(spki)
      say({ type: 'renewed', certificate })
    }
  }

  #want(offer: Offer, say: (answer: ConsoleMessage) => void): void {
    const { sha256 } = offer
    const known = this.artifacts.get(sha256) ?? { offer, chunks: [] }
    this.artifacts.set(sha256, known)
    if (this.unwanted !== undefined) say({ type: 'unwanted', sha256, ...this.unwanted })
    else if (known.chunks.length === chunkCount(offer.size)) say({ type: 'held', sha256 })
    else say({ type: 'chunks', sha256, next: known.chunks.length })
  }

  #takeChunk(connection: WebSocket, data: Buffer): void {
    const { sha256, number, bytes } = parseChunk(new Uint8Array(data))
    if (this.dropChunk(number)) {
      connection.terminate()
      return
    }
    const known = this.artifacts.get(sha256)
    known?.chunks.push({ number, bytes })
    const next = known?.chunks.length ?? 0
    const isDone = next === chunkCount(known?.offer.size ?? 0)
    connection.send(JSON.stringify({ type: 'chunks', sha256, next }))
    if (isDone) connection.send(JSON.stringify({ type: 'held', sha256 }))
  }

  #take(connection: WebSocket, host: HeldHost, data: Buffer): void {
    const batch = splitBatch(nodePrimitives, new Uint8Array(data))
    verifyBatch(nodePrimitives, batch, host.publicKey)
    const answer = this.answer(batch)
    if (answer !== 'drop-unstored') store(host, batch)
    const headerHash = answer === 'wrong' ? 'ee'.repeat(32) : batch.headerHash
    const ack = { type: 'ack', seq: batch.header.seq, headerHash, head: this.#newHead() } satisfies ConsoleMessage
    const times = { ack: 1, wrong: 1, twice: 2, withhold: 0, drop: 0, 'drop-unstored': 0 }[answer]
    for (let i = 0; i < times; i++) connection.send(JSON.stringify(ack))
    if (answer.startsWith('drop')) connection.terminate()
  }
}

function* spaces(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(16_384, ' ')
}

function store(host: HeldHost, batch: Batch): void {
  const held = host.line.find(({ header }) => header.seq === batch.header.seq)?.headerHash
  const place = placeOf(batch, tipOf(host), held)
  if (place === 'fork') host.branch.push(batch)
  else if (place !== 'repeated') host.line.push(batch)
  if (place === 'gap') host.gaps += 1
}

function tipOf({ line }: HeldHost): Tip | null {
  const newest = line.at(-1)
  return newest === undefined ? null : { seq: newest.header.seq, headerHash: newest.headerHash }
}

function keyIn(csr: string): Uint8Array {
  return new Uint8Array(new Pkcs10CertificateRequest(Buffer.from(csr, 'base64')).publicKey.rawData)
}
