import { limits } from '@tidewaiter/protocol'
import { BeginImport, BegunImport, FinishImport, TakenBatch } from '@tidewaiter/protocol/api'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { beginCollection, beginFiles } from '../intake/begin.ts'
import { finishImport } from '../intake/finish.ts'
import { takeBatch } from '../intake/take-batch.ts'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

const Id = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) })
const Nothing = Type.Object({})
/** An end with all its sources in base64, and what was refused. */
const finishBytes = 8 * 1024 * 1024

/** Offline collections and files that people bring. Batches come one at a time, each acknowledged when it is on disk. */
export const imports: Route = async (app, deps) => {
  const investigate = { needs: 'investigate' } as const
  const by = (request: FastifyRequest) => ({ who: who(request), at: new Date(deps.now()).toISOString() })
  const inTurn = oneByOne()
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  app.get(
    '/imports/keys',
    { config: { needs: 'administer' }, schema: { response: { 200: Type.Object({ keysDir: Type.String() }) } } },
    async () => ({ keysDir: deps.keys.dir }),
  )
  app.post(
    '/imports',
    { config: investigate, schema: { body: BeginImport, response: { 200: BegunImport } } },
    (request) => {
      const { body } = request
      return 'opening' in body
        ? beginCollection(deps, Buffer.from(body.opening, 'base64'), by(request))
        : beginFiles(deps, body.name, by(request))
    },
  )
  app.post(
    '/imports/:id/batches',
    { config: investigate, bodyLimit: limits.binaryFrame, schema: { params: Id, response: { 200: TakenBatch } } },
    // The parser of this route gives bytes and nothing else.
    ({ params, body }) => inTurn(() => takeBatch(deps, params.id, body as Buffer)),
  )
  app.post(
    '/imports/:id/end',
    {
      config: investigate,
      bodyLimit: finishBytes,
      schema: { params: Id, body: FinishImport, response: { 200: Nothing } },
    },
    async (request) => {
      await finishImport(deps, { host: request.params.id, finished: request.body }, by(request))
      return {}
    },
  )
}

/** Where a batch belongs follows from the one before: of two that come at once, the second is judged by what the first left. */
function oneByOne(): <Result>(act: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const own = last.then(act)
    last = own.catch(() => undefined)
    return own
  }
}
