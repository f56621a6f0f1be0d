import { readDate } from '../dated.ts'
import type { Message } from '../decoder.ts'
import type { Front } from '../own-log.ts'
import { countIn, parseRow, textIn } from '../row.ts'

/** A line of `log_sink_json` (dev.mysql.com/doc/refman/8.0/en/error-log-json.html); undefined for any other. */
export function structuredFront(text: string): Front | undefined {
  if (!text.includes('"err_code"') && !text.includes('"prio"')) return undefined
  const row = parseRow(text)
  const raw = row && textIn(row, 'time')
  const reading = raw === undefined ? undefined : readDate(raw)
  if (row === undefined || raw === undefined || reading === undefined || textIn(row, 'msg') === undefined)
    return undefined
  const thread = countIn(row, 'thread')
  return {
    raw,
    written: reading.written,
    next: 0,
    level: textIn(row, 'label'),
    ...(thread !== undefined && { thread: String(thread) }),
  }
}

/** @param read what the text in it means */
export function readStructured(text: string, read: (text: string) => Message | undefined): Message | undefined {
  const row = parseRow(text)
  const message = row && read(textIn(row, 'msg') ?? '')
  const code = row && countIn(row, 'err_code')
  if (message !== undefined && code !== undefined) message.event.code = `MY-${String(code).padStart(6, '0')}`
  return message
}
