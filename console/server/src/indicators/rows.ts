import { hash } from 'node:crypto'
import type { ImportRequest } from '@tidewaiter/protocol/api'
import type { Reading, Recognised, Remark } from './reading.ts'

/** What a file gave, as the store takes it: rows as JSON text, in parts, so that none of them holds up the console. */
export interface Rows {
  /** Each a JSON array of rows; a row is an array in the order of `rowOf`. */
  parts: string[]
  /** Rows in all parts. */
  count: number
  read: number
  /** Values that came before in the same file. */
  repeated: number
  refused: Remark[]
  warned: Remark[]
  /** The first that were recognised. */
  recognised: Pick<Recognised, 'type' | 'value' | 'as'>[]
}

const rowsAtOnce = 5000
const charactersAtOnce = 1024 * 1024
const mostShown = 200

export type Given = Pick<ImportRequest, 'source' | 'tlp'>

export function toRows({ read, recognised, refused, warned }: Reading, given: Given): Rows {
  const ids = new Set<string>()
  const parts: string[] = []
  let rows: string[] = []
  let characters = 0
  const close = () => {
    if (rows.length > 0) parts.push(`[${rows.join(',')}]`)
    rows = []
    characters = 0
  }
  for (const draft of recognised) {
    const id = idOf(draft, given.source)
    if (ids.has(id)) continue
    ids.add(id)
    const row = JSON.stringify(rowOf(id, draft, given))
    rows.push(row)
    characters += row.length
    if (rows.length === rowsAtOnce || characters > charactersAtOnce) close()
  }
  close()
  const shown = recognised.slice(0, mostShown).map(({ type, value, as }) => ({ type, value, as }))
  return { parts, count: ids.size, read, repeated: recognised.length - ids.size, refused, warned, recognised: shown }
}

/** Same type, value and source: the same indicator, whenever and wherever it is imported. */
function idOf({ type, value }: Recognised, source: string): string {
  return hash('sha256', JSON.stringify([type, value, source])).slice(0, 32)
}

/** The order is that of the numbers in `import.ts`. */
function rowOf(id: string, draft: Recognised, { tlp = 'AMBER' }: Given): (string | number | null)[] {
  const { type, value, confidence, validFrom, validUntil, note, line, as } = draft
  return [
    id,
    type,
    value,
    confidence ?? null,
    draft.tlp ?? tlp,
    validFrom ?? null,
    validUntil ?? null,
    note ?? '',
    line,
    as,
  ]
}
