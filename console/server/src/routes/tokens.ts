import { Attempt, CreatedToken, NewToken, TokenPage } from '@tidewaiter/protocol/api'
import Type from 'typebox'
import { who } from '../people/door.ts'
import { agentUrlsOf, createToken, listTokens, revokeToken } from '../receive/tokens.ts'
import type { Route } from './route.ts'

const Id = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{16}$' }) })

/** Enrolment tokens and what became of each try to use one. */
export const tokens: Route = async (app, { store, keys, live, now }) => {
  const administer = { needs: 'administer' } as const
  const by = (request: Parameters<typeof who>[0]) => ({ who: who(request), nowMs: now() })
  app.get('/tokens', { config: { needs: 'read' }, schema: { response: { 200: TokenPage } } }, async () => ({
    rows: await listTokens(store),
    agentUrls: await agentUrlsOf(store),
  }))
  app.post(
    '/tokens',
    { config: administer, schema: { body: NewToken, response: { 200: CreatedToken } } },
    async (request) => {
      const created = await createToken(store, request.body, { ...by(request), caFingerprint: keys.caFingerprint })
      live.changed('enrol')
      return created
    },
  )
  app.delete(
    '/tokens/:id',
    { config: administer, schema: { params: Id, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await revokeToken(store, request.params.id, by(request))
      live.changed('enrol')
      return reply.code(204).send(null)
    },
  )
  app.get(
    '/attempts',
    { config: { needs: 'read' }, schema: { response: { 200: Type.Object({ rows: Type.Array(Attempt) }) } } },
    async () => {
      const rows = await store.selectFrom('attempt').selectAll().orderBy('no', 'desc').limit(200).execute()
      return { rows: rows.map(({ no: _no, token_id, ...row }) => ({ ...row, tokenId: token_id })) }
    },
  )
}
