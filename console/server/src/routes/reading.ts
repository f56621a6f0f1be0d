import { IndexState } from '@tidewaiter/protocol/api'
import { nothingLeftOut } from '../index/left-out.ts'
import { recordAlone } from '../people/audit.ts'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

/** How far the index has read, and reading the whole ledger again: what a better decoder sees in it is found then. */
export const reading: Route = async (app, { store, ledger, index, live, log, now }) => {
  let rebuilding: Promise<void> | undefined
  const state = async () => {
    // While it is made again nobody knows yet.
    const leftOut = rebuilding === undefined ? await index.leftOut() : nothingLeftOut
    return { asOf: index.asOf(), size: ledger.size(), rebuilding: rebuilding !== undefined, leftOut }
  }
  const rebuild = async () => {
    try {
      await index.reindex()
    } catch (error) {
      log.error({ err: error }, 'the index could not be made again')
    } finally {
      rebuilding = undefined
      live.changed('overview')
    }
  }
  app.get('/index', { config: { needs: 'read' }, schema: { response: { 200: IndexState } } }, async () => state())
  app.post(
    '/index/rebuild',
    { config: { needs: 'administer' }, schema: { response: { 200: IndexState } } },
    async (request) => {
      await recordAlone(store, { who: who(request), at: new Date(now()).toISOString(), act: 'index.rebuild', data: {} })
      rebuilding ??= rebuild()
      return state()
    },
  )
}
