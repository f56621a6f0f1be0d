import { Irregularity, RefusedAt } from '@tidewaiter/protocol/api'
import Type from 'typebox'
import { refusalsAt } from '../receive/refusals.ts'
import type { Route } from './route.ts'

/** What strangers were refused, at either door. */
export const refusals: Route = async (app, { store }) => {
  app.get(
    '/refusals',
    {
      config: { needs: 'read' },
      schema: {
        querystring: Type.Object({ at: RefusedAt }, { additionalProperties: false }),
        response: { 200: Type.Object({ rows: Type.Array(Irregularity) }) },
      },
    },
    async ({ query }) => ({ rows: await refusalsAt(store, query.at) }),
  )
}
