import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import helmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import { type LiveMessage, LiveRequest } from '@tidewaiter/protocol/api'
import type { FastifyInstance } from 'fastify'
import Value from 'typebox/value'
import { type WebSocket, WebSocketServer } from 'ws'
import { buildApp } from './app.ts'
import type { Deps } from './deps.ts'
import { isOwnPage, sessionCookie } from './people/door.ts'
import { findSession } from './people/sessions.ts'

/** The built screens, inside the console-ui package. */
const screens = join(dirname(createRequire(import.meta.url).resolve('@tidewaiter/console-ui/package.json')), 'dist')

/** The browser's door: the API, the screens and the live socket. */
export async function buildWeb(
  deps: Deps,
  { tls, everyMs = watchMs / 2 }: { tls: { cert: string; key: string } | null; everyMs?: number },
): Promise<FastifyInstance> {
  const app = await buildApp(deps, 'web', { tls })
  await app.register(helmet, {
    // Nothing from elsewhere, nothing inline: what a host sent can never run, even if it reached the page unescaped.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: tls === null ? false : { maxAge: 31_536_000 },
    crossOriginEmbedderPolicy: false,
  })
  if (existsSync(screens)) await serveScreens(app)
  serveLive(app, deps, everyMs)
  return app
}

async function serveScreens(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: screens,
    wildcard: false,
    cacheControl: true,
    maxAge: '1h',
    immutable: false,
    // The page names the files of its version: kept for an hour, it would ask for those of the version before.
    setHeaders: (reply, path) => {
      if (path.endsWith('.html')) reply.header('cache-control', 'no-cache')
    },
  })
  // Every address of the screens is the same page; the page knows its own map.
  app.get('/*', (request, reply) => {
    if (/^\/(?:api|assets)\//.test(request.url)) return reply.callNotFound()
    return reply.sendFile('index.html')
  })
}

/** `/ws/console`: says what changed. Only for a signed-in person, and only from the console's own pages. */
function serveLive(app: FastifyInstance, deps: Deps, everyMs: number): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 16 * 1024, perMessageDeflate: false })
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const isIn = admission(app, deps, request)
    isIn()
      .then((isAdmitted) => {
        if (!isAdmitted) return socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n')
        return sockets.handleUpgrade(request, socket, head, (live) => attend(live, deps, { isIn, everyMs }))
      })
      .catch(() => socket.destroy())
  })
  app.addHook('preClose', async () => {
    for (const live of sockets.clients) live.terminate()
    sockets.close()
  })
}

/** Asks whether the person is let in; again and again, as a session can end while its page is open. */
function admission(app: FastifyInstance, { store, now }: Deps, request: IncomingMessage): () => Promise<boolean> {
  return async () => {
    if (request.url !== '/ws/console' || !isOwnPage(request.headers)) return false
    const secret = app.parseCookie(request.headers.cookie ?? '')[sessionCookie]
    return secret !== undefined && (await findSession(store, secret, now())) !== undefined
  }
}

const eventsTopic = 'events:'

/** What a slow page has not taken yet may grow to this; then it is cut off, and asks again when it reconnects. */
const mostBuffered = 4 * 1024 * 1024

/** A host a person looks at is asked to hurry for so long, again and again while the page is open. */
const watchMs = 60_000

function attend(
  socket: WebSocket,
  deps: Deps,
  { isIn, everyMs }: { isIn: () => Promise<boolean>; everyMs: number },
): void {
  const { live, index } = deps
  let stop = () => {}
  // Counted for this socket alone: a hole in it means that this page missed something.
  let seq = 0
  const watch = () => {
    const hosts = live
      .topics()
      .flatMap((topic) => (topic.startsWith(eventsTopic) ? [topic.slice(eventsTopic.length)] : []))
    index.watch(hosts)
    for (const host of hosts) deps.receive?.watch(host, deps.now() + watchMs)
  }
  const again = setInterval(() => {
    watch()
    isIn().then(
      (isStill) => isStill || socket.close(1008, 'the session has ended'),
      () => socket.terminate(),
    )
  }, everyMs)
  socket.on('message', (data, isBinary) => {
    const request = isBinary ? undefined : readJson(String(data))
    if (!Value.Check(LiveRequest, request)) return socket.close(1008, 'not a request')
    stop()
    stop = live.listen(request.sub, (news) => {
      seq += 1
      if (socket.bufferedAmount > mostBuffered) socket.terminate()
      else socket.send(JSON.stringify({ seq, ...news } satisfies LiveMessage))
    })
    watch()
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    clearInterval(again)
    stop()
    watch()
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
