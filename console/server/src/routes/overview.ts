import { Overview } from '@tidewaiter/protocol/api'
import { overviewOf } from '../overview/overview.ts'
import type { Route } from './route.ts'

/** Everything the first page shows, in one answer. */
export const overview: Route = async (app, deps) => {
  app.get('/overview', { config: { needs: 'read' }, schema: { response: { 200: Overview } } }, () => overviewOf(deps))
}
