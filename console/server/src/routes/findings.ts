import { Decision, DetectorCard, Finding, FindingPage, FindingQuery } from '@tidewaiter/protocol/api'
import Type from 'typebox'
import { detectorCards } from '../detect/cards.ts'
import { decide, getFinding, listFindings } from '../detect/decide.ts'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

const Id = Type.Object({ id: Type.String({ maxLength: 128 }) })

/** Findings, newest first; analysts read and decide. */
export const findings: Route = async (app, { store, index, live, now }) => {
  app.get(
    '/findings',
    { config: { needs: 'read' }, schema: { querystring: FindingQuery, response: { 200: FindingPage } } },
    ({ query }) => listFindings(store, query),
  )
  app.get(
    '/findings/:id',
    { config: { needs: 'read' }, schema: { params: Id, response: { 200: Finding } } },
    ({ params }) => getFinding(store, params.id),
  )
  app.post(
    '/findings/:id/decision',
    { config: { needs: 'investigate' }, schema: { params: Id, body: Decision, response: { 200: Finding } } },
    async (request) => {
      const by = { who: who(request), at: new Date(now()).toISOString() }
      const finding = await decide(store, request.params.id, request.body, by)
      live.changed('findings')
      live.changed('overview')
      return finding
    },
  )
  app.get(
    '/detectors',
    { config: { needs: 'read' }, schema: { response: { 200: Type.Object({ rows: Type.Array(DetectorCard) }) } } },
    async () => ({
      rows: await detectorCards(store, index.windows),
    }),
  )
}
