import rateLimit from '@fastify/rate-limit'
import { Me, Setup, SetupDone, SetupState, SignIn } from '@tidewaiter/protocol/api'
import Type from 'typebox'
import type { Deps } from '../deps.ts'
import { isRefusal, refuse } from '../error.ts'
import { handOutRecovery, renewRecovery } from '../keys/hand-out.ts'
import { record } from '../people/audit.ts'
import { sessionCookie } from '../people/door.ts'
import { openFailedSignIns } from '../people/failed-sign-ins.ts'
import { checkSignIn, hasPeople } from '../people/people.ts'
import { endSession, findSession, startSession } from '../people/sessions.ts'
import { setUp } from '../people/setup.ts'
import type { Route } from './route.ts'

const cookie = { path: '/', httpOnly: true, sameSite: 'strict' } as const

/** Set-up, sign-in and sign-out: the only routes a person who is not signed in can use. */
export const session: Route = async (app, deps) => {
  await app.register(rateLimit, {
    max: 20,
    timeWindow: 60_000,
    errorResponseBuilder: () => refuse('too-many-requests', 'Too many attempts from this address. Wait a minute.'),
  })
  const failed = openFailedSignIns(deps)
  app.addHook('onClose', () => failed.close())
  app.get('/setup', { schema: { response: { 200: SetupState } }, config: { rateLimit: false } }, async ({ me }) => {
    if (await hasPeople(deps.store)) return { needed: false, signedIn: me !== null }
    const { freeBytes } = await deps.ledger.space()
    return {
      needed: true,
      dataFolder: deps.data,
      freeBytes,
      keys: deps.keys.cards().map(({ name, fingerprint }) => ({ name, fingerprint })),
    }
  })
  app.post('/setup', { schema: { body: Setup, response: { 200: SetupDone } } }, async (request, reply) => {
    const person = await setUp(deps.store, request.body, deps.setupCode, deps.now())
    const { me, secret } = await start(deps, person)
    deps.live.changed('overview')
    reply.setCookie(sessionCookie, secret, { ...cookie, secure: request.protocol === 'https' })
    const by = { who: me.email, at: new Date(deps.now()).toISOString() }
    // Where it was given out already, nobody who is here has it: a new one takes its place.
    const kit = await (deps.keys.recovery.waits() ? handOutRecovery(deps, by) : renewRecovery(deps, by))
    return { me, ...kit }
  })
  app.get('/me', { schema: { response: { 200: Me } }, config: { rateLimit: false } }, async ({ me }) => {
    if (me === null) throw refuse('not-signed-in', 'There is no session, or it has ended.')
    return me
  })
  app.post('/session', { schema: { body: SignIn, response: { 200: Me } } }, async (request, reply) => {
    const { email, password } = request.body
    const person = await checkSignIn(deps.store, email, password).catch(async (cause) => {
      if (isRefusal(cause)) await failed.note(email, request.ip ?? 'this machine')
      throw cause
    })
    const { me, secret } = await start(deps, person)
    reply.setCookie(sessionCookie, secret, { ...cookie, secure: request.protocol === 'https' })
    return me
  })
  app.delete(
    '/session',
    { config: { needs: 'read', rateLimit: false }, schema: { response: { 204: Type.Null() } } },
    async (request, reply) => {
      const secret = request.cookies[sessionCookie]
      if (secret !== undefined) await endSession(deps.store, secret, deps.now())
      return reply.clearCookie(sessionCookie, cookie).code(204).send(null)
    },
  )
}

function start({ store, now }: Deps, person: string): Promise<{ me: Me; secret: string }> {
  const nowMs = now()
  return store.transaction().execute(async (tx) => {
    const secret = await startSession(tx, person, nowMs)
    const me = await findSession(tx, secret, nowMs)
    if (me === undefined) throw refuse('not-signed-in', 'The session could not be started.')
    await record(tx, { who: me.email, at: new Date(nowMs).toISOString(), act: 'sign-in', data: {} })
    return { me, secret }
  })
}
