import { firstLines, lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Decoding, Event } from '../decoder.ts'
import { textEvent, unreadable } from '../document.ts'
import { toText } from '../text.ts'
import { type Group, newGroups } from './groups.ts'
import { scan } from './line.ts'
import { toEvent } from './to-event.ts'

const usual = /\/audit\.log([.-][0-9]+)?(\.gz)?$/

/** What the audit system of Linux wrote down. */
export const auditd: Decoder = {
  id: 'auditd',
  title: 'Linux audit log (auditd)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.test(source),
  detects(sample) {
    const all = firstLines(sample, 50)
    return all.length > 0 && all.filter((line) => scan(line) !== undefined).length * 3 >= all.length
  },
  cut: lines,
  start: (_, state) => decoding(state),
}

function decoding(state: unknown): Decoding {
  // Our own state, as `state` gave it.
  const groups = newGroups(state as Group[] | undefined)
  return {
    push: (record) => eventsOf(record, groups),
    end: () => groups.end().map(toEvent),
    state() {
      const open = groups.open()
      return open.length === 0 ? undefined : open
    },
  }
}

function eventsOf(record: DecodeRecord, groups: ReturnType<typeof newGroups>): Event[] {
  const text = toText(record.bytes)
  const line = scan(text)
  if (line !== undefined) return groups.push(record.id, text, line).map(toEvent)
  if (text === '') return [textEvent(record, 'text', text)]
  return [unreadable(record, 'text', { says: 'This is no line of an audit log.', text })]
}
