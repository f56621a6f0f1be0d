import { toEnd } from '../address.ts'
import type { Event } from '../decoder.ts'
import type { Fields, WinEvent } from './win-event.ts'

/** Carries something of an event over into its document. */
export type Rule = (document: Event, fields: Fields, event: WinEvent) => void

/** SID of nobody: a sign-in that failed has no account. */
const nobody = 'S-1-0-0'

/** Text that says something: Windows writes `-` where a value is not known. */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' && value !== '' && value !== '-' && value !== nobody ? value : undefined
}

/** A whole number from 0, decimal or `0x` and hexadecimal. */
export function numberIn(fields: Fields, name: string): number | undefined {
  const text = textIn(fields, name)
  const value = text === undefined ? Number.NaN : Number(text)
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** @param path of an ECS field, such as `process.parent.name` */
export function text(name: string, path: string): Rule {
  const put = putter(path)
  return (document, fields) => put(document, textIn(fields, name))
}

export function number(name: string, path: string): Rule {
  const put = putter(path)
  return (document, fields) => put(document, numberIn(fields, name))
}

/** The path of a program, and its name below the same field. */
export function program(name: string, path: string): Rule {
  const [putPath, putName] = [putter(`${path}.executable`), putter(`${path}.name`)]
  return (document, fields) => {
    const executable = textIn(fields, name)
    putPath(document, executable)
    putName(document, executable && baseName(executable))
  }
}

/** `DOMAIN\name`, `name@domain` and a bare name. */
export function account(name: string, path: string): Rule {
  const [putName, putDomain] = [putter(`${path}.name`), putter(`${path}.domain`)]
  return (document, fields) => {
    const whole = textIn(fields, name)
    const slash = whole?.indexOf('\\') ?? -1
    putName(document, whole?.slice(slash + 1))
    if (slash > 0) putDomain(document, whole?.slice(0, slash))
  }
}

/** An address and, where it has a name, its port: `source` or `destination`. */
export function end(address: string, port: string | undefined, path: 'source' | 'destination'): Rule {
  return (document, fields) => {
    const host = textIn(fields, address)
    // Remote desktop writes this for the console of the machine.
    if (host === undefined || host === 'LOCAL') return
    const number = port === undefined ? undefined : numberIn(fields, port)
    document[path] = { ...toEnd(host), ...(number !== undefined && number > 0 && number < 65_536 && { port: number }) }
  }
}

/** The SID of the account that wrote the event. */
export const writer: Rule = (document, _, { userId }) => put(document, ['user', 'id'], userId)

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1)
}

/** Puts a value at a path; nothing where there is none. */
export function putter(path: string): (document: Event, value: unknown) => void {
  const names = path.split('.')
  return (document, value) => put(document, names, value)
}

function put(document: Event, names: readonly string[], value: unknown): void {
  if (value === undefined || value === '') return
  const last = names.length - 1
  let place: Record<string, unknown> = document
  for (let i = 0; i < last; i++) {
    const name = names[i] ?? ''
    // Groups of a document are plain objects; the names are those of our own tables.
    place[name] ??= {}
    place = place[name] as Record<string, unknown>
  }
  place[names[last] ?? ''] = value
}
