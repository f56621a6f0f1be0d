import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { parseArgs } from 'node:util'
import { createServer as createVite, preview } from 'vite'
import { type WebSocket, WebSocketServer } from 'ws'
import { answer, type Scene, scenes } from './answer.ts'
import { hostNamed } from './hosts.ts'
import { events } from './records.ts'
import { Refused } from './refused.ts'

/**
 * A stand-in for the console, to look at the screens without one: `node console/ui/dev/main.ts [--as SCENE] [--port N]
 * [--built]`. Its data is the worked incident of a sample broker. `--built` serves `dist` under the console's own
 * content security policy.
 */
const { values } = parseArgs({
  options: {
    as: { type: 'string', default: 'loaded' },
    port: { type: 'string', default: '5173' },
    built: { type: 'boolean' },
  },
})
const scene: Scene = scenes.find((name) => name === values.as) ?? 'loaded'
const port = Number(values.port)

const policy =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const sockets = new Map<WebSocket, readonly string[]>()
let seq = 0

function tell(topic: string, message: object): void {
  seq += 1
  for (const [socket, topics] of sockets)
    if (topics.includes(topic)) socket.send(JSON.stringify({ seq, topic, ...message }))
}

const changed = (topic: string) => tell(topic, { changed: true })

async function answerApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stand-in')
  let text = ''
  for await (const piece of request) text += piece
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body === undefined ? '' : JSON.stringify(body))
  }
  try {
    const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text)
    const path = url.pathname.slice('/api/v1'.length)
    const reply = answer({ method: request.method ?? 'GET', path, query: url.searchParams, body, scene, changed })
    send(reply === undefined ? 204 : 200, reply)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    send(error.status, {
      type: 'about:blank',
      title: error.code,
      status: error.status,
      code: error.code,
      detail: error.message,
      hint: 'This is a sample.',
    })
  }
}

function listen(server: Server): void {
  const live = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/ws/console') return
    live.handleUpgrade(request, socket, head, (client) => {
      sockets.set(client, [])
      client.on('message', (data) => sockets.set(client, JSON.parse(String(data)).sub))
      client.on('close', () => sockets.delete(client))
    })
  })
}

/** A sign-in on the sample server every few seconds, so that something is live. */
const abi = hostNamed('hcb-abi01')
setInterval(() => {
  const now = new Date().toISOString()
  const last = events.findLast(({ host, source }) => host.id === abi.id && source.includes('auth'))
  if (last !== undefined)
    tell(`events:${abi.id}`, { rows: [{ ...last, record: `${abi.id}/1/${seq}`, at: now }], more: 0 })
}, 3000)

const root = `${import.meta.dirname}/..`
const plugin = {
  name: 'stand-in',
  configureServer: ({ middlewares }: { middlewares: { use(path: string, act: typeof answerApi): unknown } }) =>
    void middlewares.use('/api/v1', (request, response) => {
      request.url = `/api/v1${request.url}`
      return answerApi(request, response)
    }),
}

if (values.built === true) {
  const server = await preview({
    root,
    preview: { port, strictPort: true, headers: { 'content-security-policy': policy } },
    plugins: [{ name: 'stand-in', configurePreviewServer: plugin.configureServer }],
  })
  listen(server.httpServer as Server)
  server.printUrls()
} else {
  const http = createServer()
  const vite = await createVite({ root, plugins: [plugin], server: { middlewareMode: true, hmr: { server: http } } })
  http.on('request', vite.middlewares)
  listen(http)
  http.listen(port, '127.0.0.1')
  process.stdout.write(`http://localhost:${port}/\n`)
}
