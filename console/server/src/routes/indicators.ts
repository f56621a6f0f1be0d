import { Socket } from 'node:net'
import {
  ImportRequest,
  ImportResult,
  Indicator,
  IndicatorPage,
  ListQuery,
  mostListText,
  SightingPage,
  Sweep,
} from '@tidewaiter/protocol/api'
import type { FastifyError } from 'fastify'
import Type from 'typebox'
import { type Code, isRefusal, refuse } from '../error.ts'
import { expireIndicator, importIndicators, listIndicators } from '../indicators/import.ts'
import { recordAlone } from '../people/audit.ts'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

const Id = Type.Object({ id: Type.String({ maxLength: 64 }) })
const SightingQuery = Type.Object(
  {
    indicator: Type.Optional(Type.String({ maxLength: 64 })),
    host: Type.Optional(Type.String({ maxLength: 64 })),
    after: Type.Optional(Type.String({ maxLength: 500 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  },
  { additionalProperties: false },
)
const SweepRequest = Type.Object(
  { indicators: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 10_000 })) },
  { additionalProperties: false },
)
/** A list of indicators may be a large file (as JSON half as large again); every other body stays small. */
const fileLimit = mostListText * 1.5

/** What a million lines may take on a slow machine. */
const fileMs = 10 * 60_000

/** What the list was refused for, and not the person. */
const refusedAsList: readonly Code[] = ['indicator-file-refused', 'input-malformed']

/** Nothing is sent while a list is read, and a silent connection is closed. Within one process there is none. */
function keepOpen(socket: unknown): void {
  if (socket instanceof Socket) socket.setTimeout(fileMs)
}

/** What fastify says of a body over its limit is no refusal of ours. */
function refusalOf(error: FastifyError): unknown {
  if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') return error
  const megabytes = mostListText / 1024 / 1024
  return refuse('indicator-file-refused', `The list is larger than ${megabytes} MB. Divide it.`, { cause: error })
}

/** Where a list that was refused was said to come from; of one that was not read, nothing is known. */
function sourceOf(body: unknown): string | null {
  const source = typeof body === 'object' && body !== null && 'source' in body ? body.source : null
  return typeof source === 'string' ? source.slice(0, 200) : null
}

/** Indicators in, sightings out, and sweeps over what is stored. */
export const indicators: Route = async (app, { store, index, live, now }) => {
  const read = { needs: 'read' } as const
  const investigate = { needs: 'investigate' } as const
  const by = (request: Parameters<typeof who>[0]) => ({ who: who(request), at: new Date(now()).toISOString() })
  const changed = async () => {
    await index.indicatorsChanged()
    live.changed('indicators')
    live.changed('overview')
  }

  app.get(
    '/indicators',
    { config: read, schema: { querystring: ListQuery, response: { 200: IndicatorPage } } },
    async ({ query }) => listIndicators(store, query, await index.sightingsByIndicator()),
  )
  app.post(
    '/indicators/import',
    {
      bodyLimit: fileLimit,
      handlerTimeout: fileMs,
      config: { ...investigate, bodyMs: fileMs },
      schema: { body: ImportRequest, response: { 200: ImportResult } },
      errorHandler: async (error, request) => {
        const cause = refusalOf(error)
        if (isRefusal(cause) && refusedAsList.includes(cause.code)) {
          const data = { code: cause.code, source: sourceOf(request.body) }
          await recordAlone(store, { ...by(request), act: 'indicators.refused', data })
        }
        throw cause
      },
    },
    async (request) => {
      keepOpen(request.raw.socket)
      const result = await importIndicators(store, request.body, by(request))
      if (result.added > 0 && request.body.dryRun !== true) await changed()
      return result
    },
  )
  app.post(
    '/indicators/:id/expire',
    { config: investigate, schema: { params: Id, response: { 200: Indicator } } },
    async (request) => {
      const indicator = await expireIndicator(store, request.params.id, by(request))
      await changed()
      return indicator
    },
  )
  app.get(
    '/sightings',
    { config: read, schema: { querystring: SightingQuery, response: { 200: SightingPage } } },
    async ({ query }) => ({
      ...(await index.sightings(query)),
      totalExact: true,
      asOf: index.asOf(),
    }),
  )
  app.post('/sweeps', { config: investigate, schema: { body: SweepRequest, response: { 200: Sweep } } }, ({ body }) =>
    index.sweep(body.indicators),
  )
}
