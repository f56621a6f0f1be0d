import { Host, HostDetail, HostMatrix, HostPage, HostQuery } from '@tidewaiter/protocol/api'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { who } from '../people/door.ts'
import { hostMatrix, standsOf } from '../receive/host-matrix.ts'
import { hostDetail, listHosts } from '../receive/hosts.ts'
import { approveRenewal } from '../receive/renew.ts'
import { revokeHost } from '../receive/revoke.ts'
import type { Route } from './route.ts'

const Id = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) })

/** Hosts with their health, and what is covered on each. */
export const hosts: Route = async (app, deps) => {
  const by = (request: FastifyRequest) => ({ who: who(request), at: new Date(deps.now()).toISOString() })
  app.get('/hosts', { config: { needs: 'read' }, schema: { response: { 200: HostPage } } }, async () => {
    const rows = await listHosts(deps)
    return { rows, total: rows.length, totalExact: true, asOf: deps.index.asOf() }
  })
  app.get(
    '/hosts/:id',
    { config: { needs: 'read' }, schema: { params: Id, querystring: HostQuery, response: { 200: HostDetail } } },
    ({ params, query }) => hostDetail(deps, params.id, query),
  )
  app.get(
    '/hosts/:id/matrix',
    { config: { needs: 'read' }, schema: { params: Id, response: { 200: HostMatrix } } },
    async ({ params: { id } }) => {
      const { now, sources } = await hostDetail(deps, id)
      return { rows: (await hostMatrix(deps.index, id, now.length > 0 ? now : standsOf(sources))) ?? [] }
    },
  )
  app.post(
    '/hosts/:id/revoke',
    { config: { needs: 'administer' }, schema: { params: Id, response: { 200: Host } } },
    async (request) => {
      await revokeHost(deps, request.params.id, by(request))
      return hostDetail(deps, request.params.id)
    },
  )
  app.post(
    '/hosts/:id/renewal',
    { config: { needs: 'administer' }, schema: { params: Id, response: { 200: Host } } },
    async (request) => {
      await approveRenewal(deps, request.params.id, by(request))
      return hostDetail(deps, request.params.id)
    },
  )
}
