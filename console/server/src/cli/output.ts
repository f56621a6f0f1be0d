import { styleText } from 'node:util'
import { type Code, errnoOf, inWords, isRefusal } from '../error.ts'

/** Exit codes that scripts rely on (`contract.md`). */
export const exit = { ok: 0, no: 1, usage: 2, notPermitted: 3, notReachable: 4, refused: 5 } as const

const exitOf: Partial<Record<Code, number>> = {
  'input-malformed': exit.usage,
  'query-malformed': exit.usage,
  'not-permitted': exit.notPermitted,
  'not-signed-in': exit.notPermitted,
  'file-unreadable': exit.no,
  'file-unwritable': exit.no,
  'format-unknown': exit.no,
  'not-found': exit.no,
  'console-missing': exit.no,
  'data-unusable': exit.no,
  'backup-damaged': exit.no,
  'folder-in-use': exit.no,
  cancelled: exit.no,
  'database-unreachable': exit.notReachable,
  'console-unreachable': exit.notReachable,
}

/** One JSON document on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** Messages go to stderr, so that stdout is only ever the answer. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/**
 * Text that came from a host, made safe for a terminal: control characters (ANSI sequences begin with one) and
 * characters that reverse the writing direction are shown, not obeyed.
 */
export function plain(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  )
}

/** Columns aligned for reading; cells are made safe. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map(plain))
  const widths = head.map((_, column) => cells.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
}

/** A row of a table on one line of the terminal; on no terminal it is as long as it is. */
export function onOneLine(text: string): string {
  const { columns } = process.stdout
  return text.replaceAll(/^.+$/gm, (line) => cutTo(columns ?? line.length, line))
}

/** At most this many characters; what is left out is marked. */
export function cutTo(most: number, text: string): string {
  return text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text
}

/** One line on a terminal that stands for what goes on; empty when it is over. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
}

export function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout })
}

/** Says what went wrong and how to go on, and returns the exit code for it. */
export function fail(error: unknown): number {
  say(`tidewaiter: ${plain(inWords(error)).replaceAll('\\u{a}', '\n')}`)
  if (isRefusal(error)) return exitOf[error.code] ?? exit.refused
  return ['EACCES', 'EPERM'].includes(errnoOf(error) ?? '') ? exit.notPermitted : exit.no
}
