import { lines } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from '../decoder.ts'
import { unreadable } from '../document.ts'
import { countIn, detectRows, happeningOf, parseRow, type Row, rowEvent, textIn } from '../row.ts'
import { toText } from '../text.ts'
import { sinceWhen, windowsTime } from '../windows-row.ts'
import { type Process, processOf, startOf } from './fields.ts'
import { macosProcessOf, macosStartOf, macosTerminalOf, macosUserOf } from './macos.ts'
import { isWindowsProcess, ownerOfWindows, windowsProcessOf } from './windows.ts'

const dataset = 'process'

/** Rows of the agent's process snapshots (/proc, Win32_Process, ps of macOS). */
export const processes: Decoder = {
  id: 'process',
  title: 'Processes, from snapshots of /proc, of Win32_Process and of ps on macOS',
  reads: ({ source }) => source === 'process' || source.startsWith('process:'),
  detects: (sample) =>
    detectRows(sample, ['pid', 'ppid', 'comm', 'starttime']) ||
    detectRows(sample, ['ProcessId', 'ParentProcessId', 'Name']) ||
    detectRows(sample, ['pid', 'ppid', 'comm', 'lstart']),
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
  if (row !== undefined && isWindowsProcess(row)) return toWindowsEvent(record, { row, text }, context)
  const pid = row && countIn(row, 'pid')
  if (row === undefined || pid === undefined)
    return unreadable(record, dataset, { says: 'The record is no row of a process.', text })
  const event = rowEvent(record, { dataset, text }, context)
  const isMacos = textIn(row, 'lstart') !== undefined
  // Its parent ended, it became another account or program, or its program was hashed.
  const type = sinceWhen(happeningOf(record), isMacos ? macosStartOf(row) : startOf(row), context.readAt)
  Object.assign(event.event, { category, type: [type], action: actions[type] })
  const process = isMacos ? macosProcessOf(row, pid) : processOf(row, pid)
  event.process = { pid, ...process }
  const user = isMacos ? macosUserOf(row) : userOf(row)
  if (user !== undefined) event.user = user
  addDetails(event, row)
  event.message = messageOf(process, pid)
  return event
}

function toWindowsEvent(
  record: DecodeRecord,
  { row, text }: { row: Row; text: string },
  context: DecodeContext,
): Event {
  const pid = countIn(row, 'ProcessId') ?? 0
  const event = rowEvent(record, { dataset, text }, context)
  const process = windowsProcessOf(row, pid)
  const type = sinceWhen(happeningOf(record), windowsTime(row, 'CreationDate'), context.readAt)
  Object.assign(event.event, { category, type: [type], action: actions[type] })
  event.process = process
  const { user, session } = ownerOfWindows(row)
  if (user !== undefined) event.user = user
  if (session !== undefined) event.tidewaiter.session = session
  const notHashed = textIn(row, 'sha256Why')
  if (notHashed !== undefined) event.tidewaiter.not_hashed = notHashed
  event.message = `${pid} ${process.command_line ?? process.executable ?? process.name ?? ''}`
  return event
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
