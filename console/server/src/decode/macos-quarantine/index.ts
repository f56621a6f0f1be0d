import type { Database, DatabaseDecoder, Row } from '../database.ts'
import { hasColumns, numberOf, rowPlace, textOf } from '../database-row.ts'
import type { Event } from '../decoder.ts'
import { instantOfSeconds } from '../epoch.ts'
import { urlFields } from '../url.ts'

const dataset = 'macos-quarantine'
const table = 'LSQuarantineEvent'
const most = 8192

/**
 * `com.apple.LaunchServices.QuarantineEventsV2`: what programs downloaded on a Mac, and from where. It outlives the history
 * of the browser and the file. Where the file was put stands in an attribute of the file alone, which bears the same id.
 */
export const macosQuarantine: DatabaseDecoder = {
  id: dataset,
  title: 'Quarantine events of macOS',
  reads: (database) => hasColumns(database, table, ['lsquarantineeventidentifier', 'lsquarantinetimestamp']),
  *events(database) {
    for (const row of database.table(table)?.rows() ?? []) yield toEvent(row, database)
  },
}

function toEvent(row: Row, database: Database): Event {
  const column = (name: string) => textOf(row, `lsquarantine${name}`)?.slice(0, most)
  const [url, origin, agent] = [column('dataurlstring'), column('originurlstring'), column('agentname')]
  const at = instantOfSeconds(row.values.get('lsquarantinetimestamp'), 2001)
  const event: Event = {
    event: { kind: 'event', dataset, category: ['file'], type: ['creation'], action: 'file-quarantined' },
    message: `${agent ?? 'a program'} downloaded ${url ?? 'a file'}${origin === undefined ? '' : ` from ${origin}`}`,
    tidewaiter: { ...rowPlace(row, database), quarantine: detailsOf(row, column) },
  }
  if (at !== undefined) event['@timestamp'] = at
  if (agent !== undefined) event.process = { name: agent }
  if (url !== undefined || origin !== undefined)
    event.file = {
      ...(url !== undefined && { origin_url: url }),
      ...(origin !== undefined && { origin_referrer_url: origin }),
    }
  if (url !== undefined) event.url = urlFields(url)
  const sender = column('senderaddress')
  if (sender !== undefined) event.email = { from: { address: [sender] } }
  return event
}

function detailsOf(row: Row, column: (name: string) => string | undefined): Record<string, unknown> {
  const details = {
    id: column('eventidentifier'),
    // What the numbers mean is not published.
    type: numberOf(row, 'lsquarantinetypenumber'),
    agent_bundle: column('agentbundleidentifier'),
    sender_name: column('sendername'),
    origin_title: column('origintitle'),
  }
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
}
