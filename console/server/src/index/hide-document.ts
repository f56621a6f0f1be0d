import type { Privacy } from './private-numbers.ts'

type Document = Record<string, unknown>

const mostDepth = 64

/**
 * A document as lists show it: without private numbers. Opening its record shows them, and is written down as an act.
 * The very same object when there is nothing to hide.
 */
export function hideDocument(document: Document, privacy: Privacy): Document {
  // An object stays an object.
  return hide(document, privacy, 0) as Document
}

function hide(value: unknown, privacy: Privacy, depth: number): unknown {
  if (typeof value === 'string') return privacy.hide(value)
  if (typeof value !== 'object' || value === null || depth === mostDepth) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => hide(item, privacy, depth + 1))
    return items.every((item, i) => item === value[i]) ? value : items
  }
  const entries = Object.entries(value)
  const hidden = entries.map(([key, inner]) => [key, hide(inner, privacy, depth + 1)] as const)
  return hidden.every(([, inner], i) => inner === entries[i]?.[1]) ? value : Object.fromEntries(hidden)
}
