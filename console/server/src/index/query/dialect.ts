import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { wordColumns } from '../schema.ts'
import type { Need, Phrase } from './condition.ts'

/** What SQLite and PostgreSQL ask for differently. */
export interface Dialect {
  /** True where `column` fits the pieces with anything between them. */
  like(column: RawBuilder<unknown>, pieces: readonly string[], isExact: boolean): RawBuilder<SqlBool>
  /** True for an event that has the words. `isRare`: few events have them, so that all of them may be listed first. */
  words(need: Need, isRare: boolean): RawBuilder<SqlBool>
  /** A column in a comparison that shall not choose how the table is read. */
  aside(column: RawBuilder<unknown>): RawBuilder<unknown>
}

const textColumns = wordColumns.filter((column) => column !== 'marks')

export const sqlite: Dialect = {
  like: (column, pieces, isExact) =>
    isExact
      ? sql`${column} glob ${pieces.map((piece) => piece.replace(/[[*?]/g, '[$&]')).join('*')}`
      : sql`${column} like ${likePattern(pieces)} escape '\\'`,
  words: (need, isRare) =>
    isRare
      ? sql`id in (select rowid from words where words match ${matchText(need)})`
      : sql`exists (select 1 from words where words match ${matchText(need)} and words.rowid = event.id)`,
  aside: (column) => sql`+${column}`,
}

export const postgres: Dialect = {
  like: (column, pieces, isExact) =>
    isExact ? sql`${column} like ${likePattern(pieces)}` : sql`${column} ilike ${likePattern(pieces)}`,
  words: (need) => sql`id in (select id from words where ${tsQuery(need)})`,
  aside: (column) => column,
}

function likePattern(pieces: readonly string[]): string {
  return pieces.map((piece) => piece.replace(/[\\%_]/g, '\\$&')).join('%')
}

/** A question to FTS5. Words are letters, digits and characters beyond ASCII, so nothing in them can end the quotes. */
export function matchText(need: Need): string {
  if (need.kind === 'phrase') return matchPhrase(need.phrase)
  return `(${need.of.map(matchText).join(need.kind === 'and' ? ' AND ' : ' OR ')})`
}

function matchPhrase({ column, words, isPrefix = false }: Phrase): string {
  return `{${column ?? textColumns.join(' ')}} : "${words.join(' ')}"${isPrefix ? '*' : ''}`
}

/** The same for vectors of words: lexemes in quotes are taken as they are, without a parser or a language. */
function tsQuery(need: Need): RawBuilder<SqlBool> {
  if (need.kind !== 'phrase')
    return sql`(${sql.join(need.of.map(tsQuery), need.kind === 'and' ? sql` and ` : sql` or `)})`
  const { column, words, isPrefix = false } = need.phrase
  const lexemes = words.map(
    (word, i) => `'${word.replaceAll("'", "''")}'${isPrefix && i === words.length - 1 ? ':*' : ''}`,
  )
  const query = sql`${lexemes.join(' <-> ')}::tsquery`
  const asked = column === undefined ? textColumns : [column]
  return sql`(${sql.join(
    asked.map((name) => sql`words.${sql.ref(name)} @@ ${query}`),
    sql` or `,
  )})`
}
