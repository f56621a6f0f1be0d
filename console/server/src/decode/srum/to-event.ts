import type { Event } from '../decoder.ts'
import { defined } from '../defined.ts'
import { type Identity, programOf } from './application.ts'
import type { Row, Value } from './row.ts'
import { numberIn, type Usage, usages } from './usage.ts'

export const dataset = 'srum'

/** A row of a table, with what its ids stand for. */
export interface Used {
  table: string
  row: Row
  record: string
  application: Identity | undefined
  user: Identity | undefined
}

/** Columns that have a place of their own. */
const common = new Set(['AutoIncId', 'TimeStamp', 'AppId', 'UserId'])

/** What an application used for a user up to the time of the row: what Windows counted since the row before. */
export function toEvent({ table, row, record, application, user }: Used): Event {
  const usage = usages.get(table.toUpperCase()) ?? unknown
  const { id, says, category, type, kind } = usage
  const program = application === undefined ? {} : programOf(application)
  const event: Event = {
    event: { kind, dataset, category: [category], type: [type], action: id },
    message: `${program.name ?? program.service ?? program.package ?? 'The machine'} ${says}`,
    tidewaiter: {
      record,
      srum: defined({
        table,
        row: numberIn(row, 'AutoIncId'),
        application: application?.text,
        package: program.package,
        values: valuesOf(row),
      }),
    },
  }
  const records = [...new Set([record, application?.record, user?.record].filter((each) => each !== undefined))]
  if (records.length > 1) event.tidewaiter.records = records
  const at = row.get('TimeStamp')
  if (typeof at === 'string') event['@timestamp'] = at
  const { name, executable, service } = program
  if (name !== undefined) event.process = defined({ name, executable })
  if (service !== undefined) event.service = { name: service }
  if (user?.is === 'account') event.user = { id: user.text }
  usage.add?.(event, row)
  return event
}

const unknown: Usage = { id: 'usage', says: 'was used', category: 'host', type: 'info', kind: 'metric' }

function valuesOf(row: Row): Record<string, unknown> {
  const values = [...row].filter(([name, value]) => !common.has(name) && !isUnset(value))
  return Object.fromEntries(values.map(([name, value]) => [name, value instanceof Uint8Array ? hexOf(value) : value]))
}

/** Room of a row that nobody wrote is filled with asterisks: 0x2a in every byte. */
function isUnset(value: Value): boolean {
  return value === 0x2a2a_2a2a || value === '3038287259199220266' || value === 0x2a2a
}

const mostOfBinary = 256

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, mostOfBinary)).toString('hex')
}
