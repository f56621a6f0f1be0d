import type { IncomingMessage } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import { checkStrictly } from './check.ts'
import type { Deps } from './deps.ts'
import { problemOf, refuse } from './error.ts'
import { type Door, guard } from './people/door.ts'
import { routes } from './routes/index.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long the body may take to arrive, milliseconds: for large files alone. */
    bodyMs?: number
  }
}

export interface AppOptions {
  tls?: { cert: string; key: string } | null
  /** How long an answer, and the body of a request, may take where the route does not say otherwise. */
  handlerMs?: number
  bodyMs?: number
}

/** What the slowest upload may take, headers and all; a connection on which nothing moves ends long before. */
const longestMs = 60 * 60_000
const silentMs = 60_000

/**
 * The console's HTTP application: who is at the door, then the routes. What stands before the first route holds for
 * all of them; `inject` on it is how tests ask.
 */
export async function buildApp(
  deps: Deps,
  door: Door,
  { tls = null, handlerMs = 60_000, bodyMs = 30_000 }: AppOptions = {},
): Promise<FastifyInstance> {
  const limits = {
    bodyLimit: 256 * 1024,
    requestTimeout: longestMs,
    connectionTimeout: silentMs,
    handlerTimeout: handlerMs,
  }
  // The two kinds of server differ in their type only; everything below is the same.
  const app = (tls === null ? Fastify(limits) : Fastify({ ...limits, https: tls })) as unknown as FastifyInstance
  app.server.headersTimeout = bodyMs
  checkStrictly(app)
  app.addHook('onRequest', async ({ raw, routeOptions }) => limitBody(raw, routeOptions.config.bodyMs ?? bodyMs))
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error)
    if (problem.status >= 500) deps.log.error({ err: error, route: request.routeOptions.url }, 'route failed')
    if (problem.status === 503) reply.header('retry-after', '2')
    return reply.code(problem.status).type('application/problem+json').send(problem)
  })
  app.setNotFoundHandler((request) => {
    throw refuse('not-found', `There is nothing at ${request.method} ${request.url}.`)
  })
  await app.register(guard, { deps, door })
  await app.register(
    async (api) => {
      for (const route of routes) await api.register(route, deps)
    },
    { prefix: '/api/v1' },
  )
  return app
}

/** Node has one such limit for all requests of a server. Here a route that takes large files has its own. */
function limitBody(request: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => request.complete || request.destroy(), ms).unref()
  request.once('close', () => clearTimeout(timer))
}
