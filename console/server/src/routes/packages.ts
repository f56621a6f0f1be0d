import { createReadStream } from 'node:fs'
import { BuildPackage, PackageRow } from '@tidewaiter/protocol/api'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

const Id = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** What a large package may take on a slow line. A reader who takes nothing is cut off by the silence of the connection. */
const downloadMs = 24 * 60 * 60_000

/** Packages of an incident: build as a job, look, cancel, download. */
export const packages: Route = async (app, { packages, now }) => {
  const report = { needs: 'report' } as const
  const by = (request: FastifyRequest) => ({ who: who(request), at: new Date(now()).toISOString() })
  app.post(
    '/incidents/:id/packages',
    { config: report, schema: { params: Id, body: BuildPackage, response: { 200: PackageRow } } },
    (request) => packages.build(request.params.id, request.body, by(request)),
  )
  app.get(
    '/packages/:id',
    { config: { needs: 'read' }, schema: { params: Id, response: { 200: PackageRow } } },
    ({ params }) => packages.get(params.id),
  )
  app.post(
    '/packages/:id/cancel',
    { config: report, schema: { params: Id, response: { 200: PackageRow } } },
    (request) => packages.cancel(request.params.id, by(request)),
  )
  app.get(
    '/packages/:id/download',
    { handlerTimeout: downloadMs, config: { needs: 'read' }, schema: { params: Id } },
    async (request, reply) => {
      const { path, fileName, bytes } = await packages.file(request.params.id, by(request))
      return reply
        .header('content-disposition', `attachment; filename="${fileName}"`)
        .header('content-length', bytes)
        .type('application/zip')
        .send(createReadStream(path))
    },
  )
}
