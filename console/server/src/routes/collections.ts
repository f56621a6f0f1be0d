import { Readable } from 'node:stream'
import { Collection, CollectionDetail, NewCollection, page } from '@tidewaiter/protocol/api'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { expireTasks } from '../collect/asking.ts'
import { listCollections } from '../collect/rows.ts'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

const Id = Type.Object({ id: Type.String({ maxLength: 64 }) })
const Sha256 = Type.Object({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) })
const CollectionPage = page(Collection)

/** What a large artifact may take on a slow line. */
const downloadMs = 24 * 60 * 60_000

/** What hosts are asked for, what became of it, and the artifacts that came. */
export const collections: Route = async (app, { collect, store, now }) => {
  const read = { needs: 'read' } as const
  const investigate = { needs: 'investigate' } as const
  const by = (request: FastifyRequest) => ({ who: who(request), at: new Date(now()).toISOString() })
  app.get('/collections', { config: read, schema: { response: { 200: CollectionPage } } }, async () => {
    await expireTasks(store, now())
    const rows = await listCollections(store)
    return { rows, total: rows.length, totalExact: true }
  })
  app.post(
    '/collections',
    { config: investigate, schema: { body: NewCollection, response: { 200: CollectionDetail } } },
    (request) => collect.create(request.body, by(request)),
  )
  app.get(
    '/collections/:id',
    { config: read, schema: { params: Id, response: { 200: CollectionDetail } } },
    ({ params }) => collect.detail(params.id),
  )
  app.post(
    '/collections/:id/cancel',
    { config: investigate, schema: { params: Id, response: { 200: CollectionDetail } } },
    (request) => collect.cancel(request.params.id, by(request)),
  )
  app.get(
    '/artifacts/:sha256/download',
    { handlerTimeout: downloadMs, config: investigate, schema: { params: Sha256 } },
    async (request, reply) => {
      const { sha256 } = request.params
      const { size, bytes } = await collect.artifact(sha256, by(request))
      return reply
        .header('content-disposition', `attachment; filename="${sha256}.bin"`)
        .header('content-length', size)
        .type('application/octet-stream')
        .send(Readable.from(bytes))
    },
  )
}
