import type { Happening } from './row.ts'
import { defined, type Row, textIn } from './row.ts'

/** Rows of PowerShell on Windows, with the names that its classes give their properties. */

/** An instant as .NET writes it in the format `o`, with seven digits; it is RFC 3339 already. */
export function windowsTime(row: Row, name: string): string | undefined {
  const text = textIn(row, name)
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/.test(text)) return undefined
  return Number.isNaN(Date.parse(text)) ? undefined : text
}

/** `DOMAIN\name`, or a name alone. */
export function windowsUser(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined
  const at = text.indexOf('\\')
  const [domain, name] = at < 0 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)]
  return name === '' ? undefined : defined({ name, domain: domain === '' || domain === '.' ? undefined : domain })
}

/** A security identifier: `S-1-5-21-...` ([MS-DTYP] 2.4.2.1). */
export function sidIn(row: Row, name: string): string | undefined {
  const text = textIn(row, name)
  return text !== undefined && /^S-1(-\d{1,15}){1,16}$/.test(text) ? text : undefined
}

export function windowsName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1)
}

/** A pass is 10 s after the one before; one that is held up may be much later. */
const freshMs = 60_000

/** A row appears when a thing is new, and again when something of it changed: one that began longer ago was seen before. */
export function sinceWhen(
  happening: Happening,
  start: string | undefined,
  readAt: string | undefined,
): Happening | 'change' {
  if (happening !== 'start' || start === undefined || readAt === undefined) return happening
  return Date.parse(readAt) - Date.parse(start) > freshMs ? 'change' : 'start'
}
