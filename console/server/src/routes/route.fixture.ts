import cookie from '@fastify/cookie'
import type { Me } from '@tidewaiter/protocol/api'
import Fastify, { type FastifyInstance } from 'fastify'
import { checkStrictly } from '../check.ts'
import type { Deps } from '../deps.ts'
import { problemOf } from '../error.ts'
import type { Route } from './route.ts'

export const admin: Me = {
  id: 'p1',
  email: 't.reyes@halyard-customs.example',
  name: 'T. Reyes',
  role: 'admin',
  csrf: '',
}

/** One route as the console answers with it, asked by `me`; `deps` is what it reaches for. For tests. */
export async function openTestRoute(route: Route, deps: Partial<Deps>, me = admin): Promise<FastifyInstance> {
  const app = Fastify()
  checkStrictly(app)
  app.setErrorHandler((error, _request, reply) => reply.code(problemOf(error).status).send(problemOf(error)))
  await app.register(cookie)
  app.decorateRequest('me', null)
  app.addHook('onRequest', async (request) => {
    request.me = me
  })
  await app.register(route, deps as Deps)
  return app
}
