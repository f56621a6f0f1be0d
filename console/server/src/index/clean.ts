import type { Privacy } from './private-numbers.ts'

/** Longest value of a column, in characters: what is longer is cut, and found by its beginning. */
export const mostColumn = 1024
/** Shortest private number, in characters. */
const leastNumber = 9

/**
 * How a value goes into a column, and how a searched one is compared with it: without private numbers, cut, and without
 * NUL, at which comparisons by pattern would end.
 */
export type Clean = (text: string) => string

export function cleaner(privacy: Privacy): Clean {
  return (text) => {
    // Cut before, so that a huge value costs no more than a long one; hidden numbers are longer than they were.
    let value = cut(text, mostColumn)
    if (value.length >= leastNumber) value = privacy.hide(value)
    return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
  }
}

/** The first `most` UTF-16 units: never half a character, and no beginning of a number that could not be hidden. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  if (last >= 0xd800 && last <= 0xdbff) return text.slice(0, most - 1)
  return /[0-9-]/.test(text.charAt(most)) ? text.slice(0, most).replace(/[0-9-]{1,20}$/, '') : text.slice(0, most)
}
