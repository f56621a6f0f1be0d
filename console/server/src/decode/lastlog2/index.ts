import { toEnd } from '../address.ts'
import type { Database, DatabaseDecoder, Row } from '../database.ts'
import { hasColumns, rowPlace, textOf } from '../database-row.ts'
import type { Event } from '../decoder.ts'
import { instantOfSeconds } from '../epoch.ts'

const dataset = 'lastlog2'

/** `/var/lib/lastlog/lastlog2.db` of util-linux: the last sign-in of each user. A newer one writes it over. */
export const lastlog2: DatabaseDecoder = {
  id: dataset,
  title: 'Last sign-ins (lastlog2)',
  reads: (database) => hasColumns(database, 'Lastlog2', ['name', 'time', 'tty', 'remotehost']),
  *events(database) {
    for (const row of database.table('Lastlog2')?.rows() ?? []) yield toEvent(row, database)
  },
}

function toEvent(row: Row, database: Database): Event {
  const at = instantOfSeconds(row.values.get('time'), 1970)
  const [user, terminal, remote, service] = ['name', 'tty', 'remotehost', 'service'].map((name) => textOf(row, name))
  const event: Event = {
    event: {
      kind: 'state',
      dataset,
      category: ['authentication', 'session'],
      type: ['info'],
      action: 'last-sign-in',
      ...(at !== undefined && { outcome: 'success' }),
    },
    message:
      at === undefined
        ? `${user} never signed in`
        : `${user} last signed in${terminal === undefined ? '' : ` on ${terminal}`}`,
    tidewaiter: { ...rowPlace(row, database) },
  }
  if (at !== undefined) event['@timestamp'] = at
  if (user !== undefined) event.user = { name: user }
  if (service !== undefined) event.service = { name: service }
  if (terminal !== undefined) event.tidewaiter.terminal = terminal
  if (remote !== undefined && !remote.startsWith(':')) event.source = toEnd(remote)
  return event
}
