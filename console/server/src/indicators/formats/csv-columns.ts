import { guess, strongTypes } from './guess.ts'
import { type Named, typeNamed } from './type-words.ts'

/** Cells of a row that are looked at. */
export const mostColumns = 200

/** Columns that say something about the value beside them, by the words feeds use. */
const about = {
  value: 'indicator ioc iocvalue value observable indicatorvalue pattern',
  type: 'type indicatortype ioctype kind attributetype',
  confidence: 'confidence confidencelevel score',
  tlp: 'tlp tlplabel marking',
  validFrom: 'validfrom firstseen firstseenutc created date',
  validUntil: 'validuntil expires expiry expiration expirationdate',
  note: 'note notes description comment comments threat malware malwareprintable name tags',
} as const
export type About = keyof typeof about

const aboutOf = new Map<string, About>()
for (const [name, words] of Object.entries(about) as [About, string][])
  for (const word of words.split(' ')) aboutOf.set(word, name)

/** What each column of a file is: `values` are those that hold indicators. */
export interface Columns {
  about: Partial<Record<About, number>>
  values: { column: number; type: Named }[]
}

/**
 * What the columns are by the first row; undefined when that is no line of names. The second tells a name from a type
 * that stands beside each value, as in `account,jdoe`.
 */
export function namedColumns(first: readonly string[], second: readonly string[] | undefined): Columns | undefined {
  const columns: Columns = { about: {}, values: [] }
  let isAllWords = true
  for (const [column, cell] of first.slice(0, mostColumns).entries()) {
    const word = plainWord(cell)
    const name = aboutOf.get(word)
    const type = typeNamed(word)
    if (name !== undefined) columns.about[name] ??= column
    else if (type !== undefined && type !== 'unobserved') columns.values.push({ column, type })
    // After the words: `host.name` is one, and would be a domain.
    else if (isValue(cell)) return undefined
    else if (type === undefined) isAllWords = false
  }
  const { value } = columns.about
  // Where there is a column for the value, columns of other kinds only describe it.
  if (value !== undefined) columns.values = [{ column: value, type: 'guess' }]
  const isNames = second === undefined ? isAllWords : !columns.values.every(({ column }) => isType(second[column]))
  return columns.values.length > 0 && isNames ? columns : undefined
}

function isType(cell = ''): boolean {
  return typeNamed(cell) !== undefined
}

function plainWord(cell: string): string {
  return cell
    .trim()
    .replace(/^["']|["']$/g, '')
    .toLowerCase()
    .replaceAll(/[\s_.-]+/g, '')
}

/** True for what is an address, a name, a URL or a hash whatever stands beside it. */
export function isValue(cell: string): boolean {
  const guessed = guess(cell)
  return guessed !== undefined && strongTypes.has(guessed.type)
}
