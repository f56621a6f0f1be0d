import { lines } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from '../decoder.ts'
import { unreadable } from '../document.ts'
import { countIn, detectRows, type Happening, happeningOf, parseRow, type Row, rowEvent, textIn } from '../row.ts'
import { toText } from '../text.ts'
import { type Process, processOf, startOf } from './fields.ts'
import { macosProcessOf, macosStartOf, macosTerminalOf, macosUserOf } from './macos.ts'

const dataset = 'process'

/** Rows of the agent's process snapshots (/proc, and ps of macOS). */
export const processes: Decoder = {
  id: 'process',
  title: 'Processes, from snapshots of /proc and of ps on macOS',
  reads: ({ source }) => source === 'process' || source.startsWith('process:'),
  detects: (sample) =>
    detectRows(sample, ['pid', 'ppid', 'comm', 'starttime']) || detectRows(sample, ['pid', 'ppid', 'comm', 'lstart']),
  cut: lines,
  start: (context) => ({ push: (record) => [toEvent(record, context)], end: () => [], state: () => undefined }),
}

const category = ['process'] as const
const actions = {
  info: 'process-seen',
  start: 'process-started',
  change: 'process-changed',
  end: 'process-ended',
} as const

function toEvent(record: DecodeRecord, context: DecodeContext): Event {
  const text = toText(record.bytes)
  const row = parseRow(text)
  const pid = row && countIn(row, 'pid')
  if (row === undefined || pid === undefined)
    return unreadable(record, dataset, { says: 'The record is no row of a process.', text })
  const event = rowEvent(record, { dataset, text }, context)
  const isMacos = textIn(row, 'lstart') !== undefined
  const type = typeOf(happeningOf(record), isMacos ? macosStartOf(row) : startOf(row), context)
  Object.assign(event.event, { category, type: [type], action: actions[type] })
  const process = isMacos ? macosProcessOf(row, pid) : processOf(row, pid)
  event.process = { pid, ...process }
  const user = isMacos ? macosUserOf(row) : userOf(row)
  if (user !== undefined) event.user = user
  addDetails(event, row)
  event.message = messageOf(process, pid)
  return event
}

/** A pass is 10 s after the one before; one that is held up may be much later. */
const freshMs = 60_000

/**
 * A row appears when a process is new, and again when something of it changed: its parent ended, it became another
 * account or program, its program was hashed. A start that lies further back than a pass was seen before.
 */
function typeOf(happening: Happening, start: string | undefined, { readAt }: DecodeContext): keyof typeof actions {
  if (happening !== 'start' || start === undefined || readAt === undefined) return happening
  return Date.parse(readAt) - Date.parse(start) > freshMs ? 'change' : 'start'
}

function userOf(row: Row): Record<string, unknown> | undefined {
  const [uid, euid, gid] = [countIn(row, 'uid'), countIn(row, 'euid'), countIn(row, 'gid')]
  const name = textIn(row, 'user')
  if (uid === undefined) return undefined
  return {
    id: String(uid),
    ...(name !== undefined && { name }),
    ...(gid !== undefined && { group: { id: String(gid) } }),
    ...(euid !== undefined && euid !== uid && { effective: { id: String(euid) } }),
  }
}

function addDetails({ tidewaiter }: Event, row: Row): void {
  const state = textIn(row, 'state')
  if (state !== undefined) tidewaiter.state = state
  // The account that signed in, whatever became of it since.
  const login = countIn(row, 'loginuid')
  if (login !== undefined) tidewaiter.login_uid = String(login)
  const terminal = macosTerminalOf(row)
  if (terminal !== undefined) tidewaiter.terminal = terminal
  const [notHashed, notRead] = [textIn(row, 'sha256Why'), textIn(row, 'cmdlineWhy')]
  if (notHashed !== undefined) tidewaiter.not_hashed = notHashed
  if (notRead !== undefined) tidewaiter.command_line_not_read = notRead
  if (row.deleted === true) tidewaiter.deleted = true
}

function messageOf({ command_line: line, executable, name }: Process, pid: number): string {
  return `${pid} ${line ?? executable ?? name ?? ''}`
}
