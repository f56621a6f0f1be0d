import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Problem } from '@tidewaiter/protocol/api'
import { type Code, codes, errnoOf, isRefusal, refuse } from '../error.ts'

type Method = 'GET' | 'POST' | 'DELETE'

/** The console's API as a command uses it: the same routes whether a console runs on the data folder or not. */
export interface Api {
  call<Reply>(method: Method, path: string, body?: unknown): Promise<Reply>
  /** Bytes as the body. */
  send<Reply>(path: string, bytes: Uint8Array): Promise<Reply>
  /** A download, in pieces. */
  read(path: string): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

interface Answer {
  status: number
  body: AsyncIterable<Uint8Array>
}

type Send = (method: Method, path: string, body: string | Uint8Array | undefined) => Promise<Answer>

export interface Where {
  data: string
  keys?: string | undefined
  /** Begins a console where there is none. */
  mayCreate?: boolean
}

/** A console that starts holds its folder before it answers, and another command holds it for a moment. */
const patienceMs = 20_000

/**
 * Reaches the console that runs on a data folder through its socket, or opens the folder itself for the time of the
 * command. Throws `data-locked` when something else holds the folder and goes on holding it, and `console-missing`
 * where a mistyped folder would become a console.
 */
export async function openApi(where: Where): Promise<Api> {
  const socket = join(where.data, 'console.sock')
  for (const endMs = Date.now() + patienceMs; ; await wait(200)) {
    if (await answers(socket)) return toApi(overSocket(socket), async () => undefined)
    if (where.mayCreate !== true && !isConsole(where.data))
      throw refuse('console-missing', `There is no console in ${where.data}.`)
    try {
      return await openAlone(where)
    } catch (cause) {
      if (!isRefusal(cause) || cause.code !== 'data-locked' || Date.now() > endMs) throw cause
    }
  }
}

/** The console that runs on this data folder; undefined where none does. Throws `not-permitted`. */
export async function runningApi(data: string): Promise<Api | undefined> {
  const socket = join(data, 'console.sock')
  return (await answers(socket)) ? toApi(overSocket(socket), async () => undefined) : undefined
}

function isConsole(data: string): boolean {
  return existsSync(join(data, 'ledger')) || existsSync(join(data, 'console.db'))
}

async function openAlone(where: Where): Promise<Api> {
  // Loaded only now: a command that a running console answers should not wait for all of a console to be read in.
  const { openConsole } = await import('../console.ts')
  const console = await openConsole(where)
  const send: Send = async (method, url, payload) => {
    const reply = await console.app.inject({
      method,
      url,
      ...(payload !== undefined && {
        payload: typeof payload === 'string' ? payload : Buffer.from(payload),
        headers: { 'content-type': typeOf(payload) },
      }),
    })
    return {
      status: reply.statusCode,
      body: (async function* () {
        yield reply.rawPayload
      })(),
    }
  }
  return toApi(send, console.close)
}

function typeOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? 'application/json' : 'application/octet-stream'
}

function toApi(send: Send, close: () => Promise<void>): Api {
  const ask = async (method: Method, path: string, body?: unknown) => {
    return taken(await send(method, `/api/v1${path}`, body === undefined ? undefined : JSON.stringify(body)))
  }
  const replyOf = async <Reply>(answer: Answer) => {
    const text = await textOf(answer.body)
    // Our own console answered; the shape is the route's.
    return (text === '' ? null : JSON.parse(text)) as Reply
  }
  return {
    call: async <Reply>(method: Method, path: string, body?: unknown) => replyOf<Reply>(await ask(method, path, body)),
    send: async <Reply>(path: string, bytes: Uint8Array) =>
      replyOf<Reply>(await taken(await send('POST', `/api/v1${path}`, bytes))),
    async *read(path) {
      yield* (await ask('GET', path)).body
    },
    close,
  }
}

async function taken(answer: Answer): Promise<Answer> {
  if (answer.status >= 400) throw refusalOf(answer.status, await textOf(answer.body))
  return answer
}

/** What no route answered, for it was not even taken as a request (Node allows 16 KiB of address), is no problem (RFC 9457). */
function refusalOf(status: number, text: string) {
  const problem = problemIn(text)
  if (problem === undefined)
    return status === 431 || status === 414
      ? refuse('input-malformed', 'This is longer than a console takes: shorten it.')
      : refuse('internal-error', `The console refused it with status ${status}.`)
  const { code, detail, hint } = problem
  return refuse(
    Object.hasOwn(codes, code) ? (code as Code) : 'internal-error',
    hint === undefined ? detail : `${detail}\n  ${hint}`,
  )
}

function problemIn(text: string): Problem | undefined {
  try {
    const body: Partial<Problem> | null = JSON.parse(text)
    return typeof body?.detail === 'string' ? (body as Problem) : undefined
  } catch {
    return undefined
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

function overSocket(socketPath: string): Send {
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers =
        body === undefined ? {} : { 'content-type': typeOf(body), 'content-length': Buffer.byteLength(body) }
      const sent = request({ socketPath, method, path, headers }, (response) =>
        resolve({ status: response.statusCode ?? 500, body: response }),
      )
      sent.on('error', (cause) => reject(refuse('console-unreachable', 'The console stopped answering.', { cause })))
      sent.end(body)
    })
}

/**
 * True when a console answers on this socket; a socket file nobody listens on is what a killed console leaves. Throws
 * `not-permitted` where this account may not reach it.
 */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = request({ socketPath, method: 'GET', path: '/api/v1/me' }, (response) => {
      response.resume()
      resolve(true)
    })
    probe.on('error', (cause) => {
      if (errnoOf(cause) !== 'EACCES') return resolve(false)
      reject(refuse('not-permitted', `This account may not use ${dirname(socketPath)}.`, { cause }))
    })
    probe.end()
  })
}
