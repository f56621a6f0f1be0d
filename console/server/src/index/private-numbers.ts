import { createHmac } from 'node:crypto'

/**
 * Importer numbers and social security numbers, which the index must not hold (evidence.md 11): NNN-NN-NNNN,
 * NN-NNNNNNN (with the two-character suffix of an importer number, 19 CFR 24.5) and YYDDPP-NNNNN.
 */
const written = String.raw`(?<!\w)(?:\d{3}-\d{2}-\d{4}|\d{2}-\d{7}(?:[0-9A-Za-z]{2})?|\d{6}-\d{5})(?!\w)`
/** Nine bare digits are one only next to a word that says so. */
const named = String.raw`(?<=(?<![A-Za-z])(?:ssn|ein|tin|irs|taxpayer|importer|social security)[A-Za-z .:#="'-]{0,20})\d{9}(?!\w)`

const writtenOnly = new RegExp(written, 'g')
const writtenOrNamed = new RegExp(`${written}|${named}`, 'gi')
const naming = /(?:ssn|ein|tin|irs|taxpayer|importer|social security)/i

/** Hides numbers of persons and importers in what goes into the index. */
export interface Privacy {
  /** The text with each such number replaced by its token; the very same string when there is none. */
  hide(text: string): string
  /** What a searched word has to look like in the index: the token for a number, also when written without dashes. */
  tokenOf(word: string): string | undefined
}

/** Tokens are HMAC-SHA-256 under `indexKey` over the digits (96 bits of it): equal numbers stay equal, whatever their dashes. */
export function openPrivacy(indexKey: Uint8Array): Privacy {
  const token = (number: string) =>
    `pn${createHmac('sha256', indexKey).update(number.replaceAll('-', '').toUpperCase()).digest('hex').slice(0, 24)}`
  return {
    hide: (text) => replaceNumbers(text, token),
    tokenOf: (word) =>
      /^(?:\d{3}-\d{2}-\d{4}|\d{2}-\d{7}(?:[0-9A-Za-z]{2})?|\d{6}-\d{5}|\d{9})$/.test(word) ? token(word) : undefined,
  }
}

/** The text with each such number replaced; the very same string when there is none. */
export function replaceNumbers(text: string, replace: (number: string) => string): string {
  if (!mayHold(text)) return text
  return text.replace(naming.test(text) ? writtenOrNamed : writtenOnly, replace)
}

/** Two digits, a dash and at least two digits, or nine digits in a row: most texts have neither and cost one pass. */
function mayHold(text: string): boolean {
  return /\d\d-\d\d|\d{9}/.test(text)
}
