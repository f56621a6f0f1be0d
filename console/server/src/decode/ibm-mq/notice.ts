import { readDate } from '../dated.ts'
import { countIn, parseRow, textIn } from '../row.ts'
import { toCount } from '../text.ts'
import type { Written } from '../written.ts'

/** One message of a queue manager, whatever form (text, JSON, one line of a container) it was written in. */
export interface Notice {
  /** `AMQ9777E`. */
  id: string
  /** All of its text, behind the id. */
  text: string
  explanation?: string
  /** The time as it stands there. `written` where it says its offset: the first line of an entry is in a form of the locale. */
  raw?: string
  written?: Written
  pid?: number
  thread?: number
  program?: string
  /** The account that the program runs under: not the one that asked. */
  account?: string
  host?: string
  manager?: string
  remote?: string
  inserts: Readonly<Record<string, string>>
  source?: string
}

/** `09/04/19 08:26:14 PM - Process(6196.4) ...`: the date is written as the locale of the host has it. */
const begins = /^(?<raw>[\d/.-]{6,10}[ ,T]{1,2}\S{5,12}(?: [AP]M)?) - Process\(/

export function beginsNotice(line: string): boolean {
  return begins.test(line.slice(0, 64))
}

/** `----- amqrmrsa.c : 945 ------`, or only dashes. */
export function endsNotice(line: string): boolean {
  return /^-{5}(?: [\w.-]{1,40} : \d{1,6} -{4,100}|-{20,100})$/.test(line.trimEnd())
}

const head = /([A-Z][A-Za-z]{2,14})\(([^()]{0,255})\)/g
const comment = /^\s*(CommentInsert\d)\((.{0,1024})\)\s*$/
const number = /(ArithInsert\d)\((-?\d{1,12})\)/g
const message = /^(?<id>AMQ\d{4}[A-Z]?): (?<text>.*)$/

/** Undefined for lines without a message. */
export function readNotice(lines: readonly string[]): Notice | undefined {
  const at = lines.findIndex((line) => message.test(line))
  const said = message.exec(lines[at] ?? '')?.groups
  if (said === undefined) return undefined
  const { values, inserts } = readHead(lines.slice(0, at))
  const rest = lines.slice(at + 1)
  const notice: Notice = { id: said.id ?? '', text: joined([said.text ?? '', ...upTo(rest, /^\s*$/)]), inserts }
  const explained = rest.findIndex((line) => line.trimEnd() === 'EXPLANATION:')
  if (explained >= 0) notice.explanation = joined(upTo(rest.slice(explained + 1), /^ACTION:/))
  return { ...notice, ...timeOf(values, lines[0] ?? ''), ...whereOf(values) }
}

function readHead(lines: readonly string[]): { values: Map<string, string>; inserts: Record<string, string> } {
  const all = lines.map((line) => line.slice(0, 1200))
  // An insert of text may hold brackets, and stands alone in its line.
  const others = all.filter((line) => !comment.test(line)).join('\n')
  const inserts = Object.fromEntries([
    ...[...others.matchAll(number)].map(([, name = '', value = '']) => [name, value]),
    ...all.flatMap((line) => pairOf(comment.exec(line))),
  ])
  const values = new Map([...others.matchAll(head)].reverse().map(([, name = '', value = '']) => [name, value]))
  return { values, inserts }
}

function pairOf(said: RegExpExecArray | null): [string, string][] {
  return said?.[1] === undefined ? [] : [[said[1], said[2] ?? '']]
}

function upTo(lines: readonly string[], end: RegExp): readonly string[] {
  const at = lines.findIndex((line) => end.test(line))
  return at < 0 ? lines : lines.slice(0, at)
}

function joined(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .join(' ')
    .trim()
}

/** `Time(...)`, since release 9, is UTC; the line itself is local and leaves open what is the day and what the month. */
function timeOf(values: ReadonlyMap<string, string>, line: string): Pick<Notice, 'raw' | 'written'> {
  const utc = values.get('Time')
  const reading = utc === undefined ? undefined : readDate(utc)
  if (utc !== undefined && reading?.written.offset !== undefined) return { raw: utc, written: reading.written }
  const raw = begins.exec(line.slice(0, 64))?.groups?.raw
  return raw === undefined ? {} : { raw }
}

type Where = Pick<Notice, 'pid' | 'thread' | 'program' | 'account' | 'host' | 'manager' | 'remote'>

function whereOf(values: ReadonlyMap<string, string>): Where {
  const [pid, thread] = (values.get('Process') ?? '').split('.').map(toCount)
  return given({
    pid,
    thread,
    program: values.get('Program'),
    account: values.get('User'),
    host: values.get('Host'),
    manager: values.get('QMgr'),
    remote: values.get('RemoteHost'),
  })
}

/** Without what is not known. */
function given(fields: { [Name in keyof Where]: Where[Name] | undefined }): Where {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as Where
}

/** A line of `AMQERR01.json` (ibm.com/docs, "JSON format diagnostic messages"); undefined for any other. */
export function readRow(line: string): Notice | undefined {
  const row = line.startsWith('{') && line.includes('"ibm_') ? parseRow(line) : undefined
  const said = row && message.exec(textIn(row, 'message') ?? '')?.groups
  if (row === undefined || said === undefined) return undefined
  const raw = textIn(row, 'ibm_datetime')
  const reading = raw === undefined ? undefined : readDate(raw)
  const inserts: Record<string, string> = {}
  for (const name of ['commentInsert1', 'commentInsert2', 'commentInsert3']) {
    const value = textIn(row, `ibm_${name}`)
    if (value !== undefined) inserts[`C${name.slice(1)}`] = value
  }
  return {
    id: said.id ?? '',
    text: said.text ?? '',
    inserts,
    ...(raw !== undefined && { raw }),
    ...(reading?.written.offset !== undefined && { written: reading.written }),
    ...given({
      pid: countIn(row, 'ibm_processId'),
      thread: countIn(row, 'ibm_threadId'),
      program: textIn(row, 'ibm_processName'),
      account: textIn(row, 'ibm_userName'),
      host: textIn(row, 'host'),
      manager: textIn(row, 'ibm_serverName'),
      remote: textIn(row, 'ibm_remoteHost'),
    }),
  }
}

/**
 * `2021-05-12T08:00:00.123Z AMQ5534E: User ID 'ana' authentication failed [CommentInsert1(ana), ...]`: what a container
 * writes, and without the time what goes to syslog.
 */
export function readShort(line: string): Notice | undefined {
  const reading = readDate(line)
  const rest = reading === undefined ? line : line.slice(reading.end + 1)
  const said =
    /^(?<id>AMQ\d{4}[A-Z]): (?<text>.{1,2048}?)(?: \[(?=(?:Arith|Comment)Insert\d\()(?<inserts>.{1,2048})\])?$/.exec(
      rest.trimEnd(),
    )?.groups
  if (said === undefined || (reading !== undefined && reading.written.offset === undefined)) return undefined
  const inserts: Record<string, string> = {}
  for (const [, name = '', value = ''] of (said.inserts ?? '').matchAll(
    /((?:Arith|Comment)Insert\d)\((.*?)\)(?=, (?:Arith|Comment)Insert\d\(|$)/g,
  ))
    inserts[name] = value
  return {
    id: said.id ?? '',
    text: said.text ?? '',
    inserts,
    ...(reading !== undefined && { raw: line.slice(0, reading.end), written: reading.written }),
  }
}
