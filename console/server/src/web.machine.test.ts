import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import type { Problem } from '@tidewaiter/protocol/api'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Deps } from './deps.ts'
import { type Live, openLive } from './live.ts'
import { sessionCookie } from './people/door.ts'
import { addPerson, disablePerson } from './people/people.ts'
import { startSession } from './people/sessions.ts'
import { openStore, type Store } from './store/store.ts'
import { buildWeb } from './web.ts'

/** Not there before the screens are built. */
const screens = new URL('../../ui/dist/index.html', import.meta.url)

let store: Store
let live: Live
let app: FastifyInstance
let origin: string

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  live = openLive()
  // What the live socket reaches for; the routes behind the other addresses are not asked.
  const log = pino({ level: 'silent' })
  const deps = { store, live, log, index: { watch: () => undefined }, receive: null, now: Date.now }
  app = await buildWeb(deps as unknown as Deps, { tls: null, everyMs: 10 })
  await app.listen({ port: 0, host: '127.0.0.1' })
  // An address of a TCP server that listens.
  origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
})

afterEach(async () => {
  await app.close()
  await store.destroy()
})

test.skipIf(!existsSync(screens))(
  'the page is asked for anew under each of its addresses, its parts are kept',
  async () => {
    const kept = async (path: string) => {
      const reply = await fetch(`${origin}${path}`)
      // A body that nobody reads keeps its connection, and the server waits for that when it closes.
      await reply.body?.cancel()
      return reply.headers.get('cache-control')
    }

    for (const path of ['/', '/index.html', '/hosts/a1', '/index.html?x']) expect(await kept(path)).toBe('no-cache')
    const [, part = ''] = /src="(\/assets\/[^"]+)"/.exec(await (await fetch(origin)).text()) ?? []
    expect(await kept(part)).toBe('public, max-age=3600')
  },
)

test('the live socket is for signed-in people on pages of this console alone', async () => {
  const { secret } = await signedIn()

  expect(await opened(connect({ secret, from: origin }))).toBe(true)
  expect(await opened(connect({ secret: 'none', from: origin }))).toBe(false)
  expect(await opened(connect({ secret, from: 'http://elsewhere.example' }))).toBe(false)
})

test('what changes something is asked by pages of this console alone, and with the token of the session', async () => {
  const { secret } = await signedIn()
  const code = async (path: string, headers: Record<string, string>) => {
    const reply = await fetch(`${origin}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ email: 'nobody@halyard-customs.example', password: 'a long sample password' }),
    })
    return ((await reply.json()) as Problem).code
  }
  const cookie = `${sessionCookie}=${secret}`

  expect(await code('/session', { origin: 'http://elsewhere.example' })).toBe('csrf-wrong')
  expect(await code('/session', { origin: 'null' })).toBe('csrf-wrong')
  expect(await code('/session', { origin })).toBe('sign-in-wrong')
  expect(await code('/session', {})).toBe('sign-in-wrong')
  expect(await code('/incidents', { origin, cookie })).toBe('csrf-wrong')
})

test('the live socket closes when the person may no longer be signed in', async () => {
  const { id, secret } = await signedIn()
  const socket = connect({ secret, from: origin })
  await opened(socket)

  await disablePerson(store, id, act)

  expect((await once(socket, 'close'))[0]).toBe(1008)
})

test('messages are numbered for each page alone: what other pages hear leaves no hole', async () => {
  const { secret } = await signedIn()
  const onHosts = await listening({ secret, sub: ['hosts'] })
  const onFindings = await listening({ secret, sub: ['findings'] })

  for (const topic of ['hosts', 'findings', 'hosts', 'findings'] as const) {
    live.changed(topic)
    await once(topic === 'hosts' ? onHosts.socket : onFindings.socket, 'message')
  }

  expect([onHosts.seqs, onFindings.seqs]).toEqual([
    [1, 2],
    [1, 2],
  ])
})

const act = { who: 't.reyes@halyard-customs.example', at: '2026-10-29T12:00:00.000Z' }

async function signedIn(): Promise<{ id: string; secret: string }> {
  const person = { email: 'an@halyard-customs.example', role: 'analyst', password: 'a long sample password' } as const
  const id = await addPerson(store, person, act)
  return { id, secret: await startSession(store, id, Date.now()) }
}

function connect({ secret, from }: { secret: string; from: string }): WebSocket {
  const headers = { cookie: `${sessionCookie}=${secret}` }
  return new WebSocket(`${origin.replace('http', 'ws')}/ws/console`, { origin: from, headers })
}

/** A page that watches these topics; `seqs` are the numbers of what it heard. */
async function listening({ secret, sub }: { secret: string; sub: string[] }) {
  const socket = connect({ secret, from: origin })
  const seqs: number[] = []
  socket.on('message', (text) => seqs.push(JSON.parse(String(text)).seq))
  await opened(socket)
  socket.send(JSON.stringify({ sub }))
  await vi.waitUntil(() => live.topics().includes(sub[0] ?? ''))
  return { socket, seqs }
}

function opened(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.on('open', () => resolve(true))
    socket.on('error', () => resolve(false))
  })
}
