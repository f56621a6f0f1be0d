import { fromBase64 } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import type { Value } from '../store/sqlite.ts'

/** A row of a table: column -> value. */
export type Row = Record<string, Value>

/** One line of JSON; bytes are `{"base64": …}`. */
export function writeRow(row: Row): string {
  const cells = Object.entries(row).map(([column, value]) => [
    column,
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
  ])
  return `${JSON.stringify(Object.fromEntries(cells))}\n`
}

/** Rows of a part. Throws `backup-malformed`. */
export function readRows(part: Buffer, name: string): Row[] {
  const lines = part.toString('utf8').split('\n')
  if (lines.pop() !== '') throw malformed(name)
  return lines.map((line) => {
    const row = parseObject(line, name)
    return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, readValue(value, name)]))
  })
}

function parseObject(line: string, name: string): object {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Said below.
  }
  throw malformed(name)
}

function readValue(value: unknown, name: string): Value {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const written = typeof value === 'object' && 'base64' in value ? value.base64 : undefined
  const bytes = typeof written === 'string' ? fromBase64(written) : undefined
  if (bytes === undefined) throw malformed(name)
  return bytes
}

function malformed(name: string) {
  return refuse('backup-malformed', `${name} in the backup holds something that is no row.`)
}
