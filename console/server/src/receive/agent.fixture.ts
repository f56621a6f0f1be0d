import { createPrivateKey } from 'node:crypto'
import { request } from 'node:https'
import {
  type AgentMessage,
  type Batch,
  type ConsoleMessage,
  type Lineage,
  parseConsoleMessage,
  paths,
  type Tip,
} from '@tidewaiter/protocol'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { newCsr } from '../keys/csr.fixture.ts'
import { newSealingHost, type SealingHost } from '../ledger/host.fixture.ts'
import type { TestConsole } from './receive.fixture.ts'

type Type = ConsoleMessage['type']
type Message<T extends Type> = Extract<ConsoleMessage, { type: T }>
type Hello = Extract<AgentMessage, { type: 'hello' }>

/** A machine with a key, its certificate once it has one, and the batches it sealed. For tests. */
export class TestHost {
  readonly key: SealingHost
  certificate: string | undefined
  readonly sealed: Batch[] = []

  constructor(key: SealingHost = newSealingHost()) {
    this.key = key
  }

  get id(): string {
    return this.key.id
  }

  get keyPem(): string {
    return createPrivateKey({ key: Buffer.from(this.key.privateKey), format: 'der', type: 'pkcs8' })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString()
  }

  get tip(): Tip | null {
    const newest = this.sealed.at(-1)
    return newest === undefined ? null : { seq: newest.header.seq, headerHash: newest.headerHash }
  }

  /** Seals the next batches of its chain and keeps them. */
  seal(count = 1, lines?: readonly string[]): Batch[] {
    return Array.from({ length: count }, () => {
      const { tip } = this
      const batch = this.key.seal(lines, { seq: (tip?.seq ?? 0) + 1, prev: tip?.headerHash ?? null })
      this.sealed.push(batch)
      return batch
    })
  }

  /** Seals rows that its agent says of itself. */
  sealOwn(source: string, rows: readonly object[]): Batch {
    const { tip } = this
    const lines = rows.map((row) => JSON.stringify(row))
    const readAt = '2026-11-24T12:00:00.000Z'
    const head = { source, start: { number: 0 }, readAt, method: 'agent', unit: 'row', lf: true } as const
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
    const chunk = { head, lengths: lines.map((line) => Buffer.byteLength(line)), bytes }
    const sources = [{ id: source, first: { number: 0 }, next: { number: rows.length }, count: rows.length }]
    const wanted = { seq: (tip?.seq ?? 0) + 1, prev: tip?.headerHash ?? null, sources }
    const batch = this.key.seal(lines, wanted, [chunk])
    this.sealed.push(batch)
    return batch
  }

  /** The same machine a second time, as a copied disk makes it: its key and its spool. */
  twin(): TestHost {
    const twin = new TestHost(this.key)
    twin.certificate = this.certificate
    twin.sealed.push(...this.sealed)
    return twin
  }

  /** Certificate request for its key, base64. */
  async csr(): Promise<string> {
    const privateKey = createPrivateKey({ key: Buffer.from(this.key.privateKey), format: 'der', type: 'pkcs8' })
    return Buffer.from((await newCsr({ privateKey })).csr).toString('base64')
  }
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: what came, for a test to look at
  body: any
}

/** One request to the agent port, as an agent makes it. */
export function ask(
  console: TestConsole,
  { method = 'GET', path, body, host }: { method?: string; path: string; body?: unknown; host?: TestHost },
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const sent = request({ ...connection(console, host), method, path, agent: false }, async (response) => {
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part)
    resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString() || 'null') })
  })
  sent.on('error', reject)
  sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  return promise
}

export function connection({ receive, deps }: TestConsole, host?: TestHost) {
  const { certificate, keyPem } = host ?? {}
  return {
    host: '127.0.0.1',
    port: receive.port,
    ca: deps.keys.caCertificate,
    servername: deps.keys.agentPort.serverName,
    minVersion: 'TLSv1.3' as const,
    ...(certificate !== undefined && { cert: certificate, key: keyPem }),
  }
}

export async function enrolRequest(console: TestConsole, host: TestHost, wanted: Record<string, unknown> = {}) {
  const about = { name: 'WS-014', os: 'Debian GNU/Linux 12', platform: 'linux', agent: '0.1.0' }
  return { ...(await console.token()), csr: await host.csr(), ...about, ...wanted }
}

/** A host that is enrolled with a token of its own. */
export async function enrolled(console: TestConsole, host = new TestHost(), lineage?: Lineage): Promise<TestHost> {
  const body = await enrolRequest(console, host, lineage === undefined ? {} : { lineage })
  const answer = await ask(console, { method: 'POST', path: paths.enrol, body })
  if (answer.status !== 200) throw new Error(`enrolment: ${answer.status} ${JSON.stringify(answer.body)}`)
  host.certificate = answer.body.certificate
  return host
}

/** A connection of a host that does what a test says, and keeps what it hears. */
export class TestAgent {
  readonly socket: WebSocket
  readonly host: TestHost
  readonly heard: ConsoleMessage[] = []
  readonly closed: Promise<void>
  #changed = Promise.withResolvers<void>()

  constructor(socket: WebSocket, host: TestHost) {
    this.socket = socket
    this.host = host
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()))
    socket.on('error', () => {})
    socket.on('message', (data) => {
      this.heard.push(parseConsoleMessage(String(data)))
      this.#ring()
    })
    socket.on('close', () => this.#ring())
    onTestFinished(() => socket.terminate())
  }

  #ring(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }

  say(message: AgentMessage | Record<string, unknown>): void {
    this.socket.send(JSON.stringify(message))
  }

  hello(wanted: Partial<Hello> = {}): void {
    const { tip, sealed } = this.host
    const about = { agent: '0.1.0', name: 'WS-014', os: 'Debian GNU/Linux 12', platform: 'linux', bootId: 'boot' }
    const oldestSeq = sealed[0]?.header.seq ?? null
    const sentAt = new Date().toISOString()
    const given = { acked: 0, witness: null, taskCounter: 0 }
    this.say({ type: 'hello', version: 1, ...about, tip, oldestSeq, ...given, sentAt, ...wanted })
  }

  /** Says hello, and waits for the answer. */
  async greet(wanted: Partial<Hello> = {}): Promise<Message<'welcome'>> {
    this.hello(wanted)
    return this.hears('welcome')
  }

  send(...batches: readonly (Batch | Uint8Array)[]): void {
    for (const batch of batches) this.socket.send('bytes' in batch ? batch.bytes : batch)
  }

  all<T extends Type>(type: T): Message<T>[] {
    return this.heard.filter((message): message is Message<T> => message.type === type)
  }

  /** The message of this type with this number, counted from 0. Rejects when the connection ends without it. */
  async hears<T extends Type>(type: T, number = 0): Promise<Message<T>> {
    for (;;) {
      const message = this.all(type)[number]
      if (message !== undefined) return message
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`closed without "${type}" ${number}: ${JSON.stringify(this.heard.at(-1))}`)
      await this.#changed.promise
    }
  }

  /** Numbers of the acknowledged batches, in the order of the acknowledgements; waits until there are so many. */
  async acked(count: number): Promise<number[]> {
    if (count > 0) await this.hears('ack', count - 1)
    return this.all('ack').map(({ seq }) => seq)
  }

  drop(): void {
    this.socket.terminate()
  }
}

/** Opens a connection. Rejects with status and code when the port does not let it in. */
export function dial(console: TestConsole, host: TestHost): Promise<TestAgent> {
  const { promise, resolve, reject } = Promise.withResolvers<TestAgent>()
  const { port, host: address, ...tls } = connection(console, host)
  const socket = new WebSocket(`wss://${address}:${port}${paths.agent}`, { ...tls, perMessageDeflate: false })
  const agent = new TestAgent(socket, host)
  socket.on('open', () => resolve(agent))
  socket.on('unexpected-response', async (_request, response) => {
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part)
    reject(new Error(`${response.statusCode} ${JSON.parse(Buffer.concat(parts).toString()).code}`))
  })
  socket.on('error', reject)
  return promise
}

/** An enrolled host that is connected and welcome. */
export async function connected(console: TestConsole, host?: TestHost): Promise<TestAgent> {
  const agent = await dial(console, host ?? (await enrolled(console)))
  await agent.greet()
  return agent
}

/** From now on the connection is open for TCP, and nobody is there who reads or answers. */
export function silence({ socket }: TestAgent): void {
  // `pause` of the WebSocket itself still answers what was read.
  const { _socket: tcp } = socket as unknown as { _socket: { pause(): void } }
  tcp.pause()
}

/** Every batch the ledger holds of a host, in its order: `3`, or `3~` for one beside the line. */
export async function heldOf({ deps: { ledger } }: TestConsole, host: string): Promise<string[]> {
  const held: string[] = []
  for await (const { seq, branch } of ledger.entriesOf(host, { from: 1, to: Number.MAX_SAFE_INTEGER }))
    held.push(branch === null ? `${seq}` : `${seq}~`)
  return held
}
