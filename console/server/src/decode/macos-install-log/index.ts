import { firstLines, lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Event, ReadMessage } from '../decoder.ts'
import { addMessage, textEvent } from '../document.ts'
import { toCount, toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { readIso } from '../written.ts'
import { dataset } from './message.ts'

/** `2024-04-16 18:27:14-07 host installd[547]: `: an offset of hours alone, as no other daemon writes it. */
const front =
  /^(?<clock>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?<hours>[+-]\d\d)(?::?(?<minutes>\d\d))? (?<host>[\w.-]{1,255}) (?<program>[^[\]:]{1,100})\[(?<pid>\d{1,10})\]: /
const mostFront = 600

/**
 * `/var/log/install.log` of macOS: each package, its scripts, and how it went. A message goes on in the lines after it, which
 * stand alone as text. Files up to macOS 10.12 are syslog.
 */
export function macosInstallLog(read: ReadMessage): Decoder {
  return {
    id: dataset,
    title: 'Install log of macOS',
    reads: () => false,
    detects(sample) {
      const all = firstLines(sample, 50)
      return all.filter((line) => front.test(line.slice(0, mostFront))).length * 3 > all.length
    },
    cut: lines,
    start(context) {
      const place = timeline(context)
      return { push: (record) => [toEvent(record, place, read)], end: () => [], state: () => undefined }
    },
  }
}

function toEvent(record: DecodeRecord, place: Timeline, read: ReadMessage): Event {
  const text = toText(record.bytes)
  const event = textEvent(record, dataset, text)
  const found = front.exec(text.slice(0, mostFront))
  if (found === null) return event
  const { clock = '', hours = '', minutes = '00', host = '', program = '', pid = '' } = found.groups ?? {}
  event.message = text.slice(found[0].length)
  event.host = { name: host }
  const number = toCount(pid)
  event.process = { name: program, ...(number !== undefined && { pid: number }) }
  const reading = readIso(`${clock}${hours}:${minutes}`, 0)
  const placed = reading && place(`${clock}${hours}`, reading.written)
  if (placed?.at !== undefined) event['@timestamp'] = placed.at
  const said = read(event.message, program)
  if (said !== undefined) addMessage(event, said.id, said.message)
  return event
}
