import { firstLines, lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Event, Message } from '../decoder.ts'
import { addMessage, textEvent, unreadable } from '../document.ts'
import { withoutReturn } from '../entry-lines.ts'
import { toEndpoint } from '../sentence.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { readIso, type Written } from '../written.ts'

const dataset = 'snort'
const usual =
  /[\\/](?:alert_fast\.txt|snort[\\/](?:[\w.-]{1,60}[\\/])?(?:alert|alert\.fast|snort\.alert\.fast))(?:[.-]\d+)?(?:\.gz)?$/i
/** Rules have names far below this. */
const mostCharacters = 4096

/** What rules of Snort 2 and 3 matched, a line each (`alert_fast`). */
export const snort: Decoder = {
  id: dataset,
  title: 'Snort (alert_fast)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.test(source),
  detects(sample) {
    const all = firstLines(sample, 20).map(withoutReturn)
    return all.length > 0 && all.filter((line) => readAlert(line) !== undefined).length * 2 > all.length
  },
  cut: lines,
  start(context) {
    const place = timeline(context)
    return { push: (record) => [toEvent(record, place)], end: () => [], state: () => undefined }
  },
}

interface Alert {
  raw: string
  /** Local time of the sensor; left out where a year of two digits stands in it, as releases put it in other places. */
  written: Written | undefined
  text: string
  message: Message
}

/** A leap year: the 29th of February may be the day. */
const anyYear = '2000'

function readAlert(line: string): Alert | undefined {
  if (line.length > mostCharacters) return undefined
  const said = /^(?<date>\d\d\/\d\d(?:\/\d\d)?)-(?<clock>\d\d:\d\d:\d\d\.\d{6}) {1,2}/.exec(line)
  const { date = '', clock = '' } = said?.groups ?? {}
  const text = line.slice(said?.[0].length)
  const message = said === null ? undefined : messageOf(text)
  if (message === undefined) return undefined
  const iso = `${anyYear}-${date.replace('/', '-')}T${clock}`
  const reading = date.length === 5 ? readIso(iso, 0) : undefined
  if (date.length === 5 && reading?.end !== iso.length) return undefined
  const { year: _, ...written } = reading?.written ?? {}
  return {
    raw: `${date}-${clock}`,
    written: reading === undefined ? undefined : (written as Written),
    text,
    message,
  }
}

/** Class and priority are left out where a rule has none; Snort 3 quotes the name. */
const rule =
  /^\[\*\*\] \[(?<group>\d{1,10}):(?<id>\d{1,10}):(?<version>\d{1,10})\] (?<quote>"?)(?<name>.{1,1024}?)\k<quote> \[\*\*\] (?:\[Classification: (?<category>[^\]]{0,255})\] )?(?:\[Priority: (?<priority>\d{1,3})\] )?(?:\[AppID: [^\]]{1,100}\] )?\{(?<transport>[\w-]{1,24})\} (?<from>\S{2,60}) -> (?<to>\S{2,60})$/

function messageOf(text: string): Message | undefined {
  const said = rule.exec(text)?.groups
  if (said === undefined) return undefined
  const { group, id = '', version = '', name = '', category, priority, transport = '', from = '', to = '' } = said
  return {
    event: {
      category: ['intrusion_detection', 'network'],
      type: ['info'],
      action: 'rule-matched',
      ...(priority !== undefined && { severity: Number(priority) }),
    },
    service: { name: dataset },
    source: toEndpoint(from),
    destination: toEndpoint(to),
    network: { transport: transport.toLowerCase() },
    more: { rule: { id, name, version, ...(category !== undefined && category !== '' && { category }) } },
    tidewaiter: { rule_group: Number(group) },
  }
}

function toEvent(record: DecodeRecord, place: Timeline): Event {
  const text = toText(record.bytes)
  const line = withoutReturn(text)
  const alert = readAlert(line)
  if (alert === undefined) {
    if (line === '') return textEvent(record, dataset, text)
    return unreadable(record, 'text', { says: 'This is no line of Snort.', text })
  }
  const event = textEvent(record, dataset, text)
  addMessage(event, dataset, alert.message)
  event.message = alert.text
  const { at, time } =
    alert.written === undefined ? { at: undefined, time: { raw: alert.raw } } : place(alert.raw, alert.written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
  return event
}
