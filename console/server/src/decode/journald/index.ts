import type { DecodeRecord, Decoder, Event, ReadMessage } from '../decoder.ts'
import { addMessage, textEvent, unreadable } from '../document.ts'
import { KnownSources } from '../known-source.ts'
import { facilities, severities } from '../priority.ts'
import { toCount, toText } from '../text.ts'
import { instant } from '../time.ts'
import { entries, type Fields, readEntry } from './entry.ts'
import { doubtOf } from './speaker.ts'

const dataset = 'journald'

/** Fields that are read (systemd.journal-fields(7)); all of them stand in the record. */
const names = new Set([
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  'MESSAGE',
  'MESSAGE_ID',
  'PRIORITY',
  'SYSLOG_FACILITY',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  'CODE_FILE',
  'CODE_LINE',
  'CODE_FUNC',
  '_PID',
  '_UID',
  '_GID',
  '_COMM',
  '_EXE',
  '_CMDLINE',
  '_HOSTNAME',
  '_MACHINE_ID',
  '_BOOT_ID',
  '_TRANSPORT',
  '_SYSTEMD_UNIT',
  '_AUDIT_LOGINUID',
  '_AUDIT_SESSION',
])

/** Entries of systemd's journal in its export format. */
export function journald(read: ReadMessage): Decoder {
  return {
    id: dataset,
    title: 'Journal of systemd (`journalctl -o export`)',
    reads: ({ source }) => source === 'journal' || source.startsWith('journal:'),
    detects: (sample) => /^\n*__(CURSOR|REALTIME_TIMESTAMP)=/.test(toText(sample.subarray(0, 256))),
    cut: entries,
    openEnd: 'The export ends within this entry.',
    start(_, state) {
      const reader = { read, sources: new KnownSources(state) }
      return { push: (record) => toEvents(record, reader), end: () => [], state: () => reader.sources.state() }
    },
  }
}

interface Reader {
  read: ReadMessage
  sources: KnownSources
}

function toEvents(record: DecodeRecord, reader: Reader): Event[] {
  if (record.bytes.length === 0) return []
  const text = toText(record.bytes)
  const fields = readEntry(record.bytes, text, names)
  if (fields === undefined) return [unreadable(record, dataset, { says: 'The record is no entry of a journal.', text })]
  const event = textEvent(record, dataset, text)
  event.message = fields.MESSAGE ?? ''
  addOrigin(event, fields)
  addLog(event, fields)
  addMeaning(event, fields, reader)
  return [event]
}

/** When, where, and by which process; what begins with `_` is what journald itself found out. */
function addOrigin(event: Event, fields: Fields): void {
  const at = toInstant(fields._SOURCE_REALTIME_TIMESTAMP ?? fields.__REALTIME_TIMESTAMP)
  if (at !== undefined) event['@timestamp'] = at
  const host = hostOf(fields)
  if (host !== undefined) event.host = host
  const process = processOf(fields)
  if (process !== undefined) event.process = process
  const { tidewaiter } = event
  if (fields._TRANSPORT !== undefined) tidewaiter.transport = fields._TRANSPORT
  if (fields._SYSTEMD_UNIT !== undefined) tidewaiter.unit = fields._SYSTEMD_UNIT
  if (fields._AUDIT_SESSION !== undefined) tidewaiter.session = fields._AUDIT_SESSION
  if (fields._AUDIT_LOGINUID !== undefined) tidewaiter.login_uid = fields._AUDIT_LOGINUID
}

/** Microseconds since 1970. */
function toInstant(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{7,17}$/.test(text)) return undefined
  return instant(Number(text.slice(0, -6)), text.slice(-6))
}

function secondOf(fields: Fields): number | undefined {
  const at = fields._SOURCE_REALTIME_TIMESTAMP ?? fields.__REALTIME_TIMESTAMP
  return toInstant(at) === undefined ? undefined : Number(at?.slice(0, -6))
}

function hostOf({ _HOSTNAME: name, _MACHINE_ID: id, _BOOT_ID: boot }: Fields): Event['host'] {
  if (name === undefined && id === undefined && boot === undefined) return undefined
  return {
    ...(name !== undefined && { name }),
    ...(id !== undefined && { id }),
    ...(boot !== undefined && { boot: { id: boot } }),
  }
}

function processOf(fields: Fields): Record<string, unknown> | undefined {
  const process: Record<string, unknown> = {}
  const name = fields._COMM ?? fields.SYSLOG_IDENTIFIER
  const pid = toCount(fields._PID ?? fields.SYSLOG_PID ?? '')
  if (name !== undefined) process.name = name
  if (pid !== undefined) process.pid = pid
  if (fields._EXE !== undefined) process.executable = fields._EXE
  if (fields._CMDLINE !== undefined) process.command_line = fields._CMDLINE
  if (fields._UID !== undefined) process.user = { id: fields._UID }
  if (fields._GID !== undefined) process.group = { id: fields._GID }
  return name === undefined && pid === undefined ? undefined : process
}

function addLog(event: Event, fields: Fields): void {
  const [syslog, origin] = [syslogOf(fields), originOf(fields)]
  if (syslog !== undefined || origin !== undefined) event.log = { ...(syslog && { syslog }), ...(origin && { origin }) }
  if (fields.MESSAGE_ID !== undefined) event.event.code = fields.MESSAGE_ID
}

function syslogOf(fields: Fields): Record<string, unknown> | undefined {
  const { PRIORITY, SYSLOG_FACILITY, SYSLOG_IDENTIFIER: appname, SYSLOG_PID: procid } = fields
  if (PRIORITY === undefined && SYSLOG_FACILITY === undefined && appname === undefined) return undefined
  const syslog: Record<string, unknown> = {}
  const [severity, facility] = [toCount(PRIORITY ?? '') ?? -1, toCount(SYSLOG_FACILITY ?? '') ?? -1]
  if (appname !== undefined) syslog.appname = appname
  if (procid !== undefined) syslog.procid = procid
  if (severities[severity] !== undefined) syslog.severity = { code: severity, name: severities[severity] }
  if (facilities[facility] !== undefined) syslog.facility = { code: facility, name: facilities[facility] }
  return syslog
}

function originOf({ CODE_FILE: name, CODE_LINE, CODE_FUNC }: Fields): Record<string, unknown> | undefined {
  if (name === undefined) return undefined
  const line = toCount(CODE_LINE ?? '')
  const file = line === undefined ? { name } : { name, line }
  return CODE_FUNC === undefined ? { file } : { file, function: CODE_FUNC }
}

function addMeaning(event: Event, fields: Fields, { read, sources }: Reader): void {
  const tag = fields.SYSLOG_IDENTIFIER
  const found = tag === undefined || fields.MESSAGE === undefined ? undefined : read(fields.MESSAGE, tag)
  if (tag === undefined || found === undefined) return
  const doubt = doubtOf(fields, tag)
  if (doubt?.isRefuted !== true) addMessage(event, found.id, found.message)
  // Only the number that journald found out itself says which process spoke.
  if (doubt === undefined && found.isPerConnection === true && fields._PID !== undefined)
    sources.add(event, { key: `${fields._BOOT_ID ?? ''}:${fields._PID}`, second: secondOf(fields) })
  if (doubt !== undefined) event.tidewaiter.doubt = doubt.says
}
