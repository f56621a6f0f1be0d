import { firstLines, lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Event, Message, MessageDecoder } from '../decoder.ts'
import { addMessage, textEvent, unreadable } from '../document.ts'
import { type EntryLines, entryEvent, entryGatherer, unreadableEntry, withoutReturn } from '../entry-lines.ts'
import { logNamed } from '../own-log.ts'
import { withoutSecrets } from '../statement.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { readRow } from './row.ts'
import { type Audited, readCsvLine, readSyslogLine } from './said.ts'
import { dataset, messageOf } from './to-event.ts'
import { isFrame, readXmlRecord, xmlPartOf } from './xml.ts'

const usual = [
  logNamed('[\\w./-]{0,120}server_audit\\.log'),
  logNamed('(mysql|mariadb)[\\w./-]{0,80}/audit[\\w.-]{0,60}\\.(json|xml|log)'),
]

/** What audit plug-ins of MySQL and MariaDB write: the comma-separated lines of `server_audit`, rows of JSON, and XML. */
export const mysqlAudit: Decoder = {
  id: dataset,
  title: 'MySQL and MariaDB audit log (server_audit, audit_log as JSON and XML)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.some((name) => name.test(source)),
  detects(sample) {
    const all = firstLines(sample, 50).map(withoutReturn)
    if (all.some((line) => /^\s{0,8}<AUDIT_RECORD/.test(line))) return isFrame(all[0] ?? '')
    return all.filter((line) => read(line) !== undefined).length * 3 >= Math.max(all.length, 1)
  },
  cut: lines,
  start(context, state) {
    const place = timeline(context)
    // Our own lines, as `state` gave them.
    const gatherer = entryGatherer(xmlPartOf, state as EntryLines | undefined)
    const events = (entries: readonly EntryLines[]) => entries.map((entry) => toXmlEvent(entry, place))
    return {
      push(record) {
        const line = withoutReturn(toText(record.bytes))
        const isXml = gatherer.open() !== undefined || /^\s*</.test(line)
        return isXml ? events(gatherer.push(record.id, line)) : [toEvent(record, place)]
      },
      end: () => events(gatherer.end()),
      state: () => gatherer.open(),
    }
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
  return told(textEvent(record, dataset, text), audited, place)
}

function toXmlEvent(entry: EntryLines, place: Timeline): Event {
  const text = entry.texts.join('\n')
  const audited = readXmlRecord(text)
  if (audited !== undefined) return told(entryEvent(entry, dataset), audited, place)
  return isFrame(text)
    ? entryEvent(entry, dataset)
    : unreadableEntry(entry, 'This is no record of an audit log of MySQL.')
}

function told(event: Event, audited: Audited, place: Timeline): Event {
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
