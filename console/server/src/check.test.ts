import { NewToken } from '@tidewaiter/protocol/api'
import fastify from 'fastify'
import Type, { type TSchema } from 'typebox'
import { expect, test } from 'vitest'
import { checkStrictly } from './check.ts'

test('a pattern is refused in the words of its schema, never as a pattern', async () => {
  expect(await refusal(NewToken, { expires: 'soon' })).toBe(
    'input-malformed: expires: must be a number of minutes, hours or days: 30m, 24h, 7d.',
  )
})

test('a pattern without words of its own is not shown either', async () => {
  const inner = Type.Object({ inner: Type.Object({ id: Type.String({ pattern: '^[a-f]$' }) }) })

  expect(await refusal(inner, { inner: { id: 'x' } })).toBe(
    'input-malformed: inner.id: must be of the form that is asked for.',
  )
})

async function refusal(schema: TSchema, body: object): Promise<unknown> {
  const app = fastify()
  checkStrictly(app)
  app.post('/', { schema: { body: schema } }, () => undefined)
  app.setErrorHandler((error, _request, reply) => reply.send({ says: error instanceof Error ? error.message : '' }))
  const { says } = (await app.inject({ method: 'POST', url: '/', payload: body })).json<{ says: string }>()
  await app.close()
  return says
}
