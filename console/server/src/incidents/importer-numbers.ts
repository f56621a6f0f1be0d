import { refuse } from '../error.ts'

/** Formats of an importer identification number (19 CFR 24.5; CATAIR qualifiers EI, 34, ANI). */
const formats = [
  { kind: 'ein', pattern: /^\d{2}-\d{7}([A-Z0-9]{2})?$/ },
  { kind: 'ssn', pattern: /^\d{3}-\d{2}-\d{4}$/ },
  { kind: 'cbp', pattern: /^\d{6}-\d{5}$/ },
] as const

export type ImporterNumberKind = (typeof formats)[number]['kind']

function kindOf(number: string): ImporterNumberKind | undefined {
  return formats.find(({ pattern }) => pattern.test(number))?.kind
}

/** One number a line, empty lines dropped, duplicates too. Throws `input-malformed` naming the line and the fix. */
export function parseImporterNumbers(text: string): string[] {
  const lines = text.split('\n').map((line, i) => ({ number: line.trim().toUpperCase(), line: i + 1 }))
  const numbers = lines.filter(({ number }) => number !== '')
  for (const { number, line } of numbers)
    if (kindOf(number) === undefined)
      throw refuse(
        'input-malformed',
        `Line ${line} is not an importer number. Enter NN-NNNNNNN, NNN-NN-NNNN or YYDDPP-NNNNN, for example 00-0000123.`,
      )
  return [...new Set(numbers.map(({ number }) => number))]
}

/** `***-**-6789`: the last four stay, and the form. */
export function mask(number: string): string {
  return number.slice(0, -4).replaceAll(/[A-Z0-9]/g, '*') + number.slice(-4)
}

/** How many there are of each kind: what a letter may say. */
export function countKinds(numbers: readonly string[]): Record<ImporterNumberKind, number> {
  const counts = { ein: 0, ssn: 0, cbp: 0 }
  for (const number of numbers) counts[kindOf(number) ?? 'ein'] += 1
  return counts
}
