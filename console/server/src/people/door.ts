import type { IncomingHttpHeaders } from 'node:http'
import { userInfo } from 'node:os'
import cookie from '@fastify/cookie'
import type { Me } from '@tidewaiter/protocol/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Deps } from '../deps.ts'
import { refuse } from '../error.ts'
import { may, type Permission } from './roles.ts'
import { findSession } from './sessions.ts'

/**
 * Where a request comes in. `web`: a browser, with session cookie and CSRF token. `account`: the socket in the data
 * folder (or the command's own process); the OS account is the person, and may do what it could do to the files anyway.
 */
export type Door = 'web' | 'account'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the person must be allowed to; left out only where nobody can be signed in yet. */
    needs?: Permission
  }
  interface FastifyRequest {
    me: Me | null
  }
}

/** `__Host-` would demand https; on loopback the console serves plain http. */
export const sessionCookie = 'tidewaiter-session'

async function plugin(app: FastifyInstance, { deps, door }: { deps: Deps; door: Door }): Promise<void> {
  await app.register(cookie)
  app.decorateRequest('me', null)
  app.addHook('onRequest', async (request) => {
    // Also what nobody has to be signed in for: a page elsewhere must not sign its reader in as somebody else.
    if (
      door === 'web' &&
      request.method !== 'GET' &&
      request.headers.origin !== undefined &&
      !isOwnPage(request.headers)
    )
      throw refuse('csrf-wrong', 'The request comes from a page that is not of this console.')
    request.me = door === 'account' ? account() : await signedIn(request, deps)
    const { needs } = request.routeOptions.config
    if (needs === undefined) return
    if (request.me === null) throw refuse('not-signed-in', 'There is no session, or it has ended.')
    if (!may(request.me.role, needs)) throw refuse('not-permitted', `The role ${request.me.role} does not allow this.`)
    if (door === 'web' && request.method !== 'GET' && request.headers['x-csrf-token'] !== request.me.csrf)
      throw refuse('csrf-wrong', 'The request does not carry the token of its session.')
  })
}

/** Runs before every route, in whichever plugin it stands. */
export const guard = fastifyPlugin(plugin, { name: 'guard' })

/** Browsers name the page that asks; programs name none. */
export function isOwnPage({ origin, host }: IncomingHttpHeaders): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host
}

async function signedIn(request: FastifyRequest, { store, now }: Deps): Promise<Me | null> {
  const secret = request.cookies[sessionCookie]
  return secret === undefined ? null : ((await findSession(store, secret, now())) ?? null)
}

function account(): Me {
  const { username } = userInfo()
  return { id: `os:${username}`, email: `os:${username}`, name: username, role: 'admin', csrf: '' }
}

/** The person a route acts for; only for routes that need a permission. */
export function who(request: FastifyRequest): string {
  if (request.me === null) throw refuse('not-signed-in', 'There is no session, or it has ended.')
  return request.me.email
}
