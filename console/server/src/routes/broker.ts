import { BrokerSettings } from '@tidewaiter/protocol/api'
import { readBroker, setBroker } from '../people/broker.ts'
import { who } from '../people/door.ts'
import type { Route } from './route.ts'

/** Whose console this is. */
export const broker: Route = async (app, { store, live, now }) => {
  app.get('/broker', { config: { needs: 'read' }, schema: { response: { 200: BrokerSettings } } }, () =>
    readBroker(store),
  )
  app.post(
    '/broker',
    { config: { needs: 'administer' }, schema: { body: BrokerSettings, response: { 200: BrokerSettings } } },
    async (request) => {
      const by = { who: who(request), at: new Date(now()).toISOString() }
      await store.transaction().execute((tx) => setBroker(tx, request.body, by))
      // The clocks of incidents count in its zone.
      live.changed('overview')
      return readBroker(store)
    },
  )
}
