import { refuse } from '../../error.ts'
import type { Span } from '../query/span.ts'
import type { After } from '../query/sql.ts'

/** What further pages keep of the first one, and where they go on. */
export interface PageCursor extends Span {
  asOf: number
  after: After
}

/** Opaque to who asks: base64url of the numbers. */
export function formatCursor({ asOf, after, fromMs, toMs }: PageCursor): string {
  return Buffer.from(JSON.stringify([asOf, after.at, after.id, fromMs ?? null, toMs ?? null])).toString('base64url')
}

/** Throws `input-malformed` for what no page gave. */
export function parseCursor(text: string): PageCursor {
  const parts = readParts(text)
  const [asOf, at, id, fromMs, toMs] = parts
  if (parts.length !== 5 || !isWhole(asOf) || !isWhole(at) || !isWhole(id) || !isEnd(fromMs) || !isEnd(toMs))
    throw refuse('input-malformed', 'after: this is no place in a list of events. Start at its beginning.')
  return { asOf, after: { at, id }, ...(fromMs !== null && { fromMs }), ...(toMs !== null && { toMs }) }
}

function readParts(text: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isEnd(value: unknown): value is number | null {
  return value === null || isWhole(value)
}
