import type { DecodeRecord, Event } from '../decoder.ts'
import { defined } from '../defined.ts'
import { type Dict, isDict, isInstant, isList, type Value } from './value.ts'

export const dataset = 'plist'

/** What one kind of list means: events of it, or undefined where it is not of this kind. */
export type Meaning = (root: Value, record: DecodeRecord) => Event[] | undefined

export interface Autorun {
  kind: string
  label: string | undefined
  executable?: string | undefined
  args?: readonly string[]
  user?: string | undefined
  /** When it runs, in words. */
  when: readonly string[]
  more?: Readonly<Record<string, unknown>>
}

/** A program that is started without anyone asking for it. When that was set up is not told in these files. */
export function autorunEvent(
  record: DecodeRecord,
  { kind, label, executable, args = [], user, when, more }: Autorun,
): Event {
  const words = executable === undefined || args[0] === executable ? args : [executable, ...args]
  const command = words.length > 0 ? words.join(' ') : undefined
  const event: Event = {
    event: { kind: 'state', dataset, category: ['configuration'], type: ['info'], action: 'autorun-found' },
    message: `${kind}${label === undefined ? '' : ` ${label}`}: ${(command ?? 'runs nothing').slice(0, 2000)}${when.length === 0 ? '' : ` (${when.join('; ')})`}`,
    tidewaiter: { record: record.id, autorun: defined({ kind, label, when, ...more }) },
  }
  if (command !== undefined) event.process = processOf(executable ?? args[0] ?? command, { args, command })
  if (user !== undefined) event.user = { name: user }
  return event
}

function processOf(executable: string, { args, command }: { args: readonly string[]; command: string }): object {
  return {
    name: /[^/]*(?=\/*$)/.exec(executable)?.[0] ?? executable,
    executable,
    command_line: command.slice(0, 8192),
    ...(args.length > 0 && { args: args.slice(0, 200) }),
  }
}

/** What a list of which no meaning is known holds. */
export function listEvent(record: DecodeRecord, root: Value): Event {
  const keys = isDict(root) ? [...root.keys()].slice(0, 100).map((key) => key.slice(0, 200)) : []
  const what = isList(root) ? `list of ${root.length}` : isDict(root) ? keys.slice(0, 20).join(', ') : 'one value'
  return {
    event: { kind: 'state', dataset, category: ['configuration'], type: ['info'], action: 'plist-read' },
    message: `property list: ${what}`,
    tidewaiter: { record: record.id, plist: plain(root) },
  }
}

/** Enough of a list to find it by, and few enough of a large one to be kept. */
const mostKept = 2000
const mostText = 1024

/** A value as JSON holds it, cut to what an event may hold. Of data there is the length: some of it is secret. */
export function plain(value: Value): unknown {
  return plainOf(value, { left: mostKept })
}

interface Room {
  left: number
}

function plainOf(value: Value, room: Room): unknown {
  if (room.left-- <= 0) return undefined
  if (isList(value)) return value.slice(0, room.left + 1).map((one) => plainOf(one, room))
  if (isDict(value)) return plainDict(value, room)
  return plainScalar(value)
}

function plainDict(dict: Dict, room: Room): Record<string, unknown> {
  const members = [...dict].slice(0, room.left + 1)
  return Object.fromEntries(members.map(([key, one]) => [key.slice(0, 200), plainOf(one, room)]))
}

function plainScalar(value: Value): unknown {
  if (typeof value === 'string') return value.slice(0, mostText)
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (isInstant(value)) return value.instant ?? null
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
