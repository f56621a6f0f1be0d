import { firstLines, lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Event, Message, MessageDecoder } from '../decoder.ts'
import { addMessage, textEvent, unreadable } from '../document.ts'
import { withoutReturn } from '../entry-lines.ts'
import { logNamed } from '../own-log.ts'
import { withoutSecrets } from '../statement.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { readRow } from './row.ts'
import { type Audited, readCsvLine, readSyslogLine } from './said.ts'
import { dataset, messageOf } from './to-event.ts'

const usual = [
  logNamed('[\\w./-]{0,120}server_audit\\.log'),
  logNamed('(mysql|mariadb)[\\w./-]{0,80}/audit[\\w.-]{0,60}\\.json'),
]

/** What audit plug-ins of MySQL and MariaDB write: the comma-separated lines of `server_audit`, and rows of JSON. */
export const mysqlAudit: Decoder = {
  id: dataset,
  title: 'MySQL and MariaDB audit log (server_audit, audit_log JSON)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.some((name) => name.test(source)),
  detects(sample) {
    const all = firstLines(sample, 50).map(withoutReturn)
    return all.filter((line) => read(line) !== undefined).length * 3 >= Math.max(all.length, 1)
  },
  cut: lines,
  start(context) {
    const place = timeline(context)
    return { push: (record) => [toEvent(record, place)], end: () => [], state: () => undefined }
  },
}

function read(line: string): Audited | undefined {
  return /^[[,\s]*\{/.test(line) ? readRow(line) : readCsvLine(line)
}

function toEvent(record: DecodeRecord, place: Timeline): Event {
  const text = toText(record.bytes)
  const line = withoutReturn(text)
  const audited = read(line)
  if (audited === undefined) {
    // What a list of JSON begins and ends with.
    if (/^\s*[[\]]?\s*$/.test(line)) return textEvent(record, dataset, text)
    return unreadable(record, 'text', { says: 'This is no line of an audit log of MySQL.', text })
  }
  const event = textEvent(record, dataset, text)
  const { raw, written } = audited
  const { at, time } = written === undefined ? { at: undefined, time: { raw: raw ?? '' } } : place(raw ?? '', written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
  if (audited.serverHost !== undefined) event.host = { name: audited.serverHost }
  event.message =
    (audited.statement && withoutSecrets(audited.statement)) ??
    [audited.operation, audited.object].filter(Boolean).join(' ')
  addMessage(event, dataset, messageOf(audited))
  return event
}

/** `server_audit` with `server_audit_output_type=syslog`. */
export const mysqlAuditMessages: MessageDecoder = {
  id: dataset,
  title: 'MySQL and MariaDB audit log (server_audit)',
  programs: ['mysql-server_auditing'],
  decode(text): Message | undefined {
    const audited = readSyslogLine(text)
    return audited && messageOf(audited)
  },
}
