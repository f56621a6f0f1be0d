import {
  Fact,
  IncidentDetail,
  IncidentItem,
  IncidentRow,
  NewIncident,
  NewItem,
  SealedList,
  SealRequest,
  SetFact,
} from '@tidewaiter/protocol/api'
import Type from 'typebox'
import type { Deps } from '../deps.ts'
import { findingsOf } from '../detect/decide.ts'
import { refuse } from '../error.ts'
import { setFact } from '../incidents/facts.ts'
import { addItem, createIncident, itemsOf, listIncidents, readIncident, removeItem } from '../incidents/incidents.ts'
import { sealNumberList } from '../incidents/number-list.ts'
import { checkReference } from '../incidents/references.ts'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

const Id = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** Incidents: what the broker works in. */
export const incidents: Route = async (app, deps) => {
  const { store, vault, live } = deps
  const by = (request: Parameters<typeof who>[0]) => ({ who: who(request), at: new Date(deps.now()).toISOString() })
  const read = { needs: 'read' } as const
  const report = { needs: 'report' } as const
  const changed = (id: string) => {
    live.changed(`incident:${id}`)
    live.changed('overview')
  }

  app.get(
    '/incidents',
    { config: read, schema: { response: { 200: Type.Object({ rows: Type.Array(IncidentRow) }) } } },
    async () => ({
      rows: await listIncidents(store, { vault, nowMs: deps.now() }),
    }),
  )
  app.post(
    '/incidents',
    { config: report, schema: { body: NewIncident, response: { 200: IncidentRow } } },
    async (request) => {
      const id = await createIncident(store, request.body.name, by(request))
      changed(id)
      return (await readIncident(store, id, { vault, nowMs: deps.now() })).row
    },
  )
  app.get('/incidents/:id', { config: read, schema: { params: Id, response: { 200: IncidentDetail } } }, ({ params }) =>
    detailOf(deps, params.id),
  )
  app.post(
    '/incidents/:id/facts',
    { config: report, schema: { params: Id, body: SetFact, response: { 200: Fact } } },
    async (request) => {
      const { id } = request.params
      await setFact(store, id, request.body, { ...by(request), vault })
      changed(id)
      const { facts } = await readIncident(store, id, { vault, nowMs: deps.now() })
      const fact = facts.find(({ field }) => field === request.body.field)
      if (fact === undefined) throw refuse('not-found', `There is no fact ${request.body.field}.`)
      return fact
    },
  )
  app.post(
    '/incidents/:id/importer-numbers',
    { config: report, schema: { params: Id, body: SealRequest, response: { 200: SealedList } } },
    async (request) => {
      const { passphrase } = request.body
      const { sealed, ...about } = await sealNumberList(deps, request.params.id, { passphrase, ...by(request) })
      return { ...about, sealed: Buffer.from(sealed).toString('base64') }
    },
  )
  app.post(
    '/incidents/:id/items',
    { config: { needs: 'report' }, schema: { params: Id, body: NewItem, response: { 200: IncidentItem } } },
    async (request) => {
      await readIncident(store, request.params.id, { vault, nowMs: deps.now() })
      await checkReference(deps, request.body)
      const item = await addItem(store, request.params.id, request.body, by(request))
      changed(request.params.id)
      return item
    },
  )
  app.delete(
    '/incidents/:id/items/:item',
    {
      config: report,
      schema: { params: Type.Object({ id: Type.String(), item: Type.String() }), response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeItem(store, request.params.id, request.params.item, by(request))
      changed(request.params.id)
      return reply.code(204).send(null)
    },
  )
}

async function detailOf(deps: Deps, id: string): Promise<IncidentDetail> {
  const { store, vault, index, packages } = deps
  const { row, facts, clocks } = await readIncident(store, id, { vault, nowMs: deps.now() })
  const items = await itemsOf(store, id)
  const refs = (kind: IncidentItem['kind']) => items.filter((item) => item.kind === kind).map(({ ref }) => ref)
  return {
    ...row,
    facts,
    clocks,
    items,
    findings: await findingsOf(store, refs('finding')),
    sightings: await index.sightingsById(refs('sighting')),
    packages: await packages.list(id),
  }
}
