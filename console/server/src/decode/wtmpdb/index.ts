import { toEnd } from '../address.ts'
import type { Database, DatabaseDecoder, Row } from '../database.ts'
import { hasColumns, numberOf, rowPlace, textOf } from '../database-row.ts'
import type { Event } from '../decoder.ts'
import { instantOfMicros } from '../epoch.ts'

const dataset = 'wtmpdb'

/** `/var/lib/wtmpdb/wtmp.db`: sign-ins and boots, which Debian 13 and SUSE keep there instead of in wtmp. */
export const wtmpdb: DatabaseDecoder = {
  id: dataset,
  title: 'Login records (wtmpdb)',
  reads: (database) => hasColumns(database, 'wtmp', ['type', 'user', 'login', 'logout', 'tty', 'remotehost']),
  *events(database) {
    for (const row of database.table('wtmp')?.rows() ?? []) yield* eventsOf(row, database)
  },
}

/** `include/wtmpdb.h` of wtmpdb; the numbers are not those of utmp. */
const boot = 1
const session = 3

/** A row is a session or a run of the system: its beginning is an event, and its end, where there was one. */
function* eventsOf(row: Row, database: Database): Generator<Event> {
  const [login, logout] = ['login', 'logout'].map((name) => instantOfMicros(row.values.get(name), 1970))
  const type = numberOf(row, 'type')
  if (type !== boot && type !== session) {
    yield eventOf(row, database, { at: login, what: { ...other, message: `record of type ${type}` } })
    return
  }
  const isBoot = type === boot
  yield eventOf(row, database, { at: login, what: isBoot ? bootWhat(row) : signIn(row) })
  if (logout !== undefined) yield eventOf(row, database, { at: logout, what: isBoot ? shutdown : signOut(row) })
}

type What = Pick<Event['event'], 'category' | 'type' | 'action' | 'outcome'> & { message: string }

const other = { category: ['host'], type: ['info'], action: 'other' }
const shutdown: What = { category: ['host'], type: ['end'], action: 'shutdown', message: 'shut down' }

function bootWhat(row: Row): What {
  return { category: ['host'], type: ['start'], action: 'boot', message: `started: ${textOf(row, 'remotehost') ?? ''}` }
}

function signIn(row: Row): What {
  const message = `${textOf(row, 'user') ?? 'someone'} signed in${placeOf(row)}`
  return { category: ['authentication', 'session'], type: ['start'], action: 'sign-in', outcome: 'success', message }
}

function signOut(row: Row): What {
  const message = `${textOf(row, 'user') ?? 'someone'} signed out${placeOf(row)}`
  return { category: ['authentication', 'session'], type: ['end'], action: 'sign-out', message }
}

function placeOf(row: Row): string {
  const terminal = textOf(row, 'tty')
  return terminal === undefined ? '' : ` on ${terminal}`
}

function eventOf(row: Row, database: Database, { at, what }: { at: string | undefined; what: What }): Event {
  const { message, ...fields } = what
  const event: Event = {
    event: { kind: 'event', dataset, ...fields },
    message,
    tidewaiter: { ...rowPlace(row, database) },
  }
  if (at !== undefined) event['@timestamp'] = at
  const [user, terminal, remote, service] = ['user', 'tty', 'remotehost', 'service'].map((name) => textOf(row, name))
  if (service !== undefined) event.service = { name: service }
  if (fields.category?.includes('host')) {
    if (remote !== undefined) event.host = { os: { kernel: remote } }
    return event
  }
  if (user !== undefined) event.user = { name: user }
  if (terminal !== undefined) event.tidewaiter.terminal = terminal
  if (remote !== undefined && !remote.startsWith(':')) event.source = toEnd(remote)
  return event
}
