import { firstLines, lines } from './cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from './decoder.ts'
import { unreadable } from './document.ts'
import { countIn, defined, type Happening, happeningOf, parseRow, type Row, rowEvent, textIn } from './row.ts'
import { toText } from './text.ts'

/** What the row of one kind says. */
export interface Said {
  message: string
  /** ECS fields by their names. */
  fields?: Readonly<Record<string, unknown>>
  /** What ECS has no field for. */
  more?: Readonly<Record<string, unknown>>
}

export interface Kind {
  category: string
  /** Beside what happened: `user` or `group` of `iam`. */
  type?: string
  /** Undefined for a row that names nothing. */
  say(row: Row): Said | undefined
}

/** Rows of any collector of a system's state. */
const common: Readonly<Record<string, Kind>> = {
  file: { category: 'file', say: (row) => sayFile(row) },
  answer: { category: 'configuration', say: (row) => sayAnswer(row) },
  malformed: { category: 'configuration', say: (row) => sayWhy(row, 'a line that cannot be read') },
  'not-looked': { category: 'configuration', say: (row) => sayWhy(row, 'not looked at') },
}

const types = { info: 'info', start: 'change', end: 'deletion' } as const
/** A module of the kernel is loaded and unloaded. */
const driverTypes = { info: 'info', start: 'start', end: 'end' } as const
/** What a process has does not go without it: there is no deletion of one (ECS, `event.type`). */
const processTypes = { info: 'info', start: 'change', end: 'end' } as const
const typesOf: Readonly<Record<string, typeof types | typeof driverTypes | typeof processTypes>> = {
  driver: driverTypes,
  process: processTypes,
}
const verbs = { info: 'seen', start: 'changed', end: 'removed' } as const

/**
 * Rows of one collector of the state of a system, each of a kind. Between full passes a row that appeared is new or
 * has changed: both are a change; one that ended has its identity alone.
 */
export function systemDecoder({
  id,
  title,
  kinds,
}: {
  id: string
  title: string
  kinds: Readonly<Record<string, Kind>>
}): Decoder {
  const known: ReadonlyMap<string, Kind> = new Map(Object.entries({ ...common, ...kinds }))
  const toEvent = (record: DecodeRecord, context: DecodeContext): Event => {
    const text = toText(record.bytes)
    const row = parseRow(text)
    const kind = row && textIn(row, 'kind')
    const how = kind === undefined ? undefined : known.get(kind)
    const said = row && how?.say(row)
    if (kind === undefined || how === undefined || said === undefined)
      return unreadable(record, id, { says: `The record is no row of the kinds that "${title}" knows.`, text })
    const event = rowEvent(record, { dataset: id, text }, context)
    const happening = happeningOf(record)
    Object.assign(event.event, whatOf(how, kind, happening))
    Object.assign(event, said.fields)
    event.message = said.message
    Object.assign(event.tidewaiter, { kind }, said.more)
    return event
  }
  return {
    id,
    title,
    reads: ({ source }) => source === id || source.startsWith(`${id}:`),
    detects: (sample) => isOf(firstLines(sample, 20).map(parseRow), { own: kinds, known }),
    cut: lines,
    start: (context) => ({ push: (record) => [toEvent(record, context)], end: () => [], state: () => undefined }),
  }
}

function whatOf({ category, type }: Kind, kind: string, happening: Happening): Record<string, unknown> {
  const happened = (typesOf[category] ?? types)[happening]
  return {
    category: [category],
    type: type === undefined ? [happened] : [type, happened],
    action: `${kind}-${verbs[happening]}`,
  }
}

function isOf(
  rows: readonly (Row | undefined)[],
  { own, known }: { own: Readonly<Record<string, Kind>>; known: ReadonlyMap<string, Kind> },
): boolean {
  const kinds = rows.map((row) => (row === undefined ? '' : (textIn(row, 'kind') ?? '')))
  return kinds.every((kind) => known.has(kind)) && kinds.some((kind) => Object.hasOwn(own, kind))
}

/** A file with what was kept of it, in fields of ECS; undefined where the row names none. */
export function fileOf(row: Row): Record<string, unknown> | undefined {
  const path = textIn(row, 'path')
  const sha256 = textIn(row, 'sha256')
  const [uid, gid] = [countIn(row, 'uid'), countIn(row, 'gid')]
  const [link] = Array.isArray(row.links) ? row.links : []
  return defined({
    path,
    name: path?.slice(path.lastIndexOf('/') + 1),
    mode: textIn(row, 'mode'),
    uid: uid === undefined ? undefined : `${uid}`,
    gid: gid === undefined ? undefined : `${gid}`,
    size: countIn(row, 'size'),
    mtime: timeIn(row, 'mtime'),
    ctime: timeIn(row, 'ctime'),
    target_path: typeof link === 'string' ? link : undefined,
    hash: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? { sha256 } : undefined,
  })
}

/** An instant as an agent writes it, with nanoseconds. */
export function timeIn(row: Row, name: string): string | undefined {
  const text = textIn(row, name)
  return text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(text) ? text : undefined
}

function sayFile(row: Row): Said | undefined {
  const file = fileOf(row)
  const path = textIn(row, 'path')
  return file === undefined || path === undefined
    ? undefined
    : { message: path, fields: { file }, more: notHashed(row) }
}

/** Why there is no digest of a file, or less than all of it was read. */
export function notHashed(row: Row): Record<string, unknown> {
  return defined({ not_hashed: textIn(row, 'sha256Why'), cut: row.cut === true ? true : undefined }) ?? {}
}

/** Of what a program says in one line of a state: `FileVault is On.`, `assessments enabled`. */
const states = { on: /\b(?:is on|enabled)\b|: on$/i, off: /\b(?:is off|disabled)\b|: off$/i }
const mostOfMessage = 200

/** What a program of the system said, as it said it. */
export function sayAnswer(row: Row): Said | undefined {
  const [command, text = ''] = [textIn(row, 'command'), textIn(row, 'text')]
  if (command === undefined) return undefined
  const [first = ''] = text.split('\n', 1)
  const [isOn, isOff] = [states.on.test(first), states.off.test(first)]
  return {
    message: `${command}: ${first.slice(0, mostOfMessage)}`,
    more: {
      answer: defined({ command, text: text === '' ? undefined : text, sha256: textIn(row, 'sha256') }),
      ...(isOn !== isOff && { enabled: isOn }),
      ...defined({ why: textIn(row, 'why') }),
      ...notHashed(row),
    },
  }
}

function sayWhy(row: Row, otherwise: string): Said {
  const what = textIn(row, 'path') ?? textIn(row, 'account') ?? textIn(row, 'command') ?? ''
  const file = fileOf(row)
  const account = textIn(row, 'account')
  return {
    message: `${what}: ${textIn(row, 'why') ?? otherwise}`,
    fields: { ...(file && { file }), ...(account !== undefined && { user: { name: account } }) },
    more: defined({ why: textIn(row, 'why'), line: countIn(row, 'line') }) ?? {},
  }
}

/** Texts of a list. */
export function textsIn(row: Row, name: string): string[] {
  const value = row[name]
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
