import type { Column } from '../columns.ts'
import type { KeyColumn, WordColumn } from '../schema.ts'

/** Words that stand side by side, in one column of the words or in any that holds text. */
export interface Phrase {
  column?: WordColumn
  words: readonly string[]
  /** The last word is only the beginning of one. */
  isPrefix?: boolean
}

/** What a search means, in columns of the index. True or false for every event: a value that is not there meets nothing. */
export type Condition =
  | { kind: 'and' | 'or'; of: readonly Condition[] }
  | { kind: 'not'; of: Condition }
  /** `words`: an event that meets it also meets these, which is the faster question. */
  | { kind: 'equals'; column: Column; value: string; isExact: boolean; words?: Need }
  /** Pieces of text with anything between them. */
  | { kind: 'like'; column: Column; pieces: readonly string[]; isExact: boolean }
  | { kind: 'present'; column: Column }
  | { kind: 'number'; column: Column; op: '=' | '>' | '>=' | '<' | '<='; value: number }
  /** Both ends inclusive. `words` as above. */
  | { kind: 'keys'; column: KeyColumn; from: string; to: string; words: Need }
  | { kind: 'numbered'; column: 'host' | 'source'; numbers: readonly number[] }
  | { kind: 'phrase'; phrase: Phrase }

export const always: Condition = { kind: 'and', of: [] }

/** One of them, or one of several. */
export function anyOf<Kind>(of: readonly Kind[]): Kind | { kind: 'or'; of: readonly Kind[] } {
  const [first] = of
  return of.length === 1 && first !== undefined ? first : { kind: 'or', of }
}

/** Questions of words that every event of an answer meets. */
export type Need = { kind: 'and' | 'or'; of: readonly Need[] } | { kind: 'phrase'; phrase: Phrase }

/** What every event that meets the condition also meets in words; undefined where nothing is known. */
export function needOf(condition: Condition): Need | undefined {
  if (condition.kind === 'phrase') return condition
  if (condition.kind === 'equals' || condition.kind === 'keys') return condition.words
  if (condition.kind === 'and') {
    const of = condition.of.map(needOf).filter((need) => need !== undefined)
    return of.length === 0 ? undefined : { kind: 'and', of }
  }
  if (condition.kind !== 'or' || condition.of.length === 0) return undefined
  const of = condition.of.map(needOf)
  return of.some((need) => need === undefined) ? undefined : { kind: 'or', of: of.filter((need) => need !== undefined) }
}

/** True when the words alone answer it, so that nothing is left to ask once they are met. */
export function isAnsweredByNeed(condition: Condition): boolean {
  return (
    condition.kind === 'phrase' ||
    ('of' in condition && condition.kind !== 'not' && condition.of.every(isAnsweredByNeed))
  )
}
