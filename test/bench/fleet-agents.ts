/**
 * Many agents in one process, each with a key, a certificate, a chain and a connection of its own, sealing as it goes.
 * Told what to do by `fleet.ts` over the channel of its parent.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { request } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type AgentMessage,
  type Batch,
  type Chunk,
  type ConsoleMessage,
  EnrolReply,
  hostIdOf,
  parseConsoleMessage,
  parseToken,
  paths,
  protocolVersion,
  type SignedHead,
  seal,
  serverNameOf,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { Value } from 'typebox/value'
import { WebSocket } from 'ws'
import { seeded, sshdLine } from '../support/evidence.ts'
import { certificateRequest } from './certificate-request.ts'

/** What the parent may ask, and what it hears when that is done. */
export type Ask =
  /** Makes so many more agents and enrols them. */
  | { do: 'enrol'; token: string; count: number }
  /** Connects those that are not connected. */
  | { do: 'connect' }
  /** Each seals and sends a batch every so often; all are acknowledged in the end. */
  | { do: 'send'; everyMs: number; seconds: number }
  /** Waits until all are connected and nothing is left without its acknowledgement. */
  | { do: 'settle' }
export interface Told {
  connected: number
  errors: string[]
  /** Milliseconds from sending to acknowledgement, sorted. */
  acksMs: number[]
}

const linesPerBatch = 20
/** Connections that are opened side by side. */
const atOnce = 32
const firstPauseMs = 500
const longestPauseMs = 10_000
const beatMs = 10_000
const random = seeded(1)
/** Whom they trust costs the console nothing: the pin is left out. */
const tls = { host: '127.0.0.1', port: 0, rejectUnauthorized: false, servername: '', minVersion: 'TLSv1.3' as const }

const errors: string[] = []
let acksMs: number[] = []
const agents: FleetAgent[] = []

class FleetAgent {
  readonly #privateKey: Uint8Array
  readonly #publicKey: Uint8Array
  readonly #waiting: { batch: Batch; sentAt: number }[] = []
  #certificate = ''
  #socket: WebSocket | undefined
  #witness: SignedHead | null = null
  #tip: { seq: number; headerHash: string } | null = null
  #lines = 0
  isWelcome = false
  #isStaying = false
  /** Each comes from an address of its own, as hosts do: what one address may ask is bounded. */
  readonly #localAddress: string

  constructor(number: number) {
    this.#localAddress = `127.${1 + (number >> 14)}.${(number >> 7) & 127}.${1 + (number & 127)}`
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#publicKey = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }))
    this.#privateKey = new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  }

  get #host(): string {
    return hostIdOf(nodePrimitives.sha256(this.#publicKey))
  }

  get #keyObject() {
    return createPrivateKey({ key: Buffer.from(this.#privateKey), format: 'der', type: 'pkcs8' })
  }

  async enrol(token: { i: string; s: string }): Promise<void> {
    const csr = await certificateRequest(this.#keyObject, this.#host)
    const about = { name: `desk-${agents.length}`, os: 'Debian 12', platform: 'linux', agent: '0.1.0' }
    const reply = await post(this.#localAddress, { token: token.i, secret: token.s, csr, ...about })
    if (!Value.Check(EnrolReply, reply)) throw new Error(`not enrolled: ${JSON.stringify(reply)}`)
    this.#certificate = reply.certificate
  }

  /** Stays connected from now on: a lost connection is an error, and is made again. */
  async stay(): Promise<void> {
    if (this.#isStaying) return
    this.#isStaying = true
    for (let failures = 0; ; failures++) {
      const wasWelcome = await this.#connectOnce()
      if (wasWelcome) failures = 0
      await wait(Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** failures))
    }
  }

  #connectOnce(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const key = this.#keyObject.export({ type: 'pkcs8', format: 'pem' }).toString()
    const own = { localAddress: this.#localAddress, cert: this.#certificate, key }
    const mutual = { ...tls, ...own, perMessageDeflate: false }
    const socket = new WebSocket(`wss://127.0.0.1:${tls.port}${paths.agent}`, mutual)
    let wasWelcome = false
    this.#socket = socket
    socket.on('open', () => this.#say(this.#hello()))
    socket.on('message', (data) => {
      const message = parseConsoleMessage(String(data))
      if (message.type === 'welcome') wasWelcome = true
      this.#hear(message)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      if (this.isWelcome) errors.push('a connection was lost')
      this.isWelcome = false
      resolve(wasWelcome)
    })
    return promise
  }

  #hello() {
    const about = { agent: '0.1.0', name: 'desk', os: 'Debian 12', platform: 'linux', bootId: 'boot' }
    const oldestSeq = this.#waiting[0]?.batch.header.seq ?? this.#tip?.seq ?? null
    const sentAt = new Date().toISOString()
    const acked = (this.#waiting[0]?.batch.header.seq ?? (this.#tip?.seq ?? 0) + 1) - 1
    const stands = { tip: this.#tip, oldestSeq, acked, witness: this.#witness, taskCounter: 0 }
    return { type: 'hello', version: protocolVersion, ...about, ...stands, sentAt } as const
  }

  #say(message: AgentMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }

  #hear(message: ConsoleMessage): void {
    if (message.type === 'welcome') {
      this.isWelcome = true
      const after = message.after?.seq ?? 0
      while ((this.#waiting[0]?.batch.header.seq ?? Number.POSITIVE_INFINITY) <= after) this.#waiting.shift()
      for (const { batch } of this.#waiting) this.#socket?.send(batch.bytes)
    } else if (message.type === 'ack') {
      this.#witness = message.head
      const first = this.#waiting.shift()
      if (first?.batch.header.seq !== message.seq || first.batch.headerHash !== message.headerHash)
        errors.push('an acknowledgement of something else')
      else acksMs.push(performance.now() - first.sentAt)
    } else if (message.type === 'refused') errors.push(`${message.code}: ${message.says}`)
  }

  get isSettled(): boolean {
    return this.isWelcome && this.#waiting.length === 0
  }

  /** What an agent says every ten seconds. */
  beat(): void {
    const spool = { batches: 1, bytes: 1000, unacked: this.#waiting.length }
    const sources = [{ id: 'log-file:/var/log/auth.log', state: 'ok' as const }]
    const use = { clockOffsetMs: 0, cpuPercent: 0.3, rssBytes: 60_000_000 }
    this.#say({ type: 'state', sources, spool, ...use, witness: this.#witness })
  }

  sealAndSend(): void {
    const lines = Array.from({ length: linesPerBatch }, () => sshdLine(this.#lines++, random))
    const at = new Date().toISOString()
    const statement = {
      host: this.#host,
      seq: (this.#tip?.seq ?? 0) + 1,
      prev: this.#tip?.headerHash ?? null,
      agent: '0.1.0',
      bootId: 'boot',
      zone: 'UTC',
      utcOffset: 0,
      clockOffset: null,
      from: at,
      to: at,
      sealedAt: at,
      sources: [],
      lost: [],
      witness: this.#witness,
    }
    const sign = (data: Uint8Array) => nodePrimitives.signP256(this.#privateKey, data)
    const batch = seal(nodePrimitives, [chunkOf(lines, at)], { seed: randomBytes(32), statement, sign })
    this.#tip = { seq: batch.header.seq, headerHash: batch.headerHash }
    this.#waiting.push({ batch, sentAt: performance.now() })
    if (this.isWelcome) this.#socket?.send(batch.bytes)
  }
}

function chunkOf(lines: readonly string[], readAt: string): Chunk {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  const start = { offset: 0, file: { dev: '1', ino: '2', headSha256: 'ab'.repeat(32) } }
  const head = { source: 'log-file:/var/log/auth.log', start, readAt, method: 'file', unit: 'byte', lf: true } as const
  return { head, lengths: lines.map((line) => Buffer.byteLength(line)), bytes }
}

function post(localAddress: string, body: object): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const sent = request({ ...tls, localAddress, agent: false, method: 'POST', path: paths.enrol }, async (response) => {
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part)
    resolve(JSON.parse(Buffer.concat(parts).toString()))
  })
  sent.on('error', reject)
  sent.end(JSON.stringify(body))
  return promise
}

/** Calls `act` for every agent, a few at a time. */
async function forAll(all: readonly FleetAgent[], act: (agent: FleetAgent) => Promise<void>): Promise<void> {
  const left = all.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const agent of left) await act(agent)
    }),
  )
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(20)
}

async function obey(ask: Ask): Promise<void> {
  if (ask.do === 'enrol') await enrol(ask)
  else if (ask.do === 'connect') await forAll(agents, connect)
  else if (ask.do === 'send') await send(ask)
  else await until(() => agents.every(({ isSettled }) => isSettled))
}

async function enrol({ token, count }: Extract<Ask, { do: 'enrol' }>): Promise<void> {
  const { a, c, i, s } = parseToken(token)
  Object.assign(tls, { port: Number(new URL(a[0] ?? '').port), servername: serverNameOf(c) })
  const fresh = Array.from({ length: count }, (_, i) => new FleetAgent(agents.length + i))
  await forAll(fresh, (agent) => agent.enrol({ i, s }))
  agents.push(...fresh)
}

async function connect(agent: FleetAgent): Promise<void> {
  void agent.stay()
  await until(() => agent.isWelcome)
}

/** One after the other, so that all of them together send at an even pace. */
async function send({ everyMs, seconds }: Extract<Ask, { do: 'send' }>): Promise<void> {
  const began = performance.now()
  const turns = Math.floor((seconds * 1000) / everyMs) * agents.length
  for (let turn = 0; turn < turns; turn++) {
    const dueMs = began + (turn * everyMs) / agents.length - performance.now()
    if (dueMs > 1) await wait(dueMs)
    agents[turn % agents.length]?.sealAndSend()
  }
  await until(() => agents.every(({ isSettled }) => isSettled))
}

setInterval(() => {
  for (const agent of agents) agent.beat()
}, beatMs).unref()

process.on('message', async (ask: Ask) => {
  await obey(ask)
  const told: Told = {
    connected: agents.filter(({ isWelcome }) => isWelcome).length,
    errors: errors.splice(0),
    acksMs: acksMs.toSorted((a, b) => a - b),
  }
  acksMs = []
  process.send?.(told)
})
