import type { EventQuery } from '@tidewaiter/protocol/api'
import type { Sqlite, Value } from '../../store/sqlite.ts'
import { cleaner } from '../clean.ts'
import { rowIdOf } from '../layout.ts'
import type { Privacy } from '../private-numbers.ts'
import { always, type Condition, isAnsweredByNeed, type Need, needOf } from '../query/condition.ts'
import { matchText } from '../query/dialect.ts'
import { parseQuery } from '../query/grammar.ts'
import { meaningOf } from '../query/meaning.ts'
import { parseSpan, type Span } from '../query/span.ts'
import type { Question } from '../query/sql.ts'
import type { Names } from './names.ts'

/** A search as it is asked of every day. */
export interface Asked extends Span {
  condition: Condition
  /** Which words few events of a day have, by day and words: asked once in an answer. */
  rarity: Map<string, boolean>
  host?: readonly number[]
  asOf: number
}

export interface AskOptions {
  names: Names
  privacy: Privacy
  nowMs: number
  asOf: number
}

/** Throws `query-malformed`. */
export function readQuery(query: EventQuery, { names, privacy, nowMs, asOf }: AskOptions): Asked {
  const clean = cleaner(privacy)
  const known = {
    spellings(text: string) {
      const token = privacy.tokenOf(text)
      return [...new Set([clean(text), ...(token === undefined ? [] : [token])])]
    },
    hosts: names.hostsLike,
    sources: names.sourcesLike,
    nowMs,
  }
  return {
    condition: meaningOf(parseQuery(query.q ?? ''), known),
    rarity: new Map(),
    ...(query.host !== undefined && { host: names.hostsLike([query.host]) }),
    ...parseSpan(query, nowMs),
    asOf,
  }
}

/** True when nothing but host and time is asked for. */
export function isOpen({ condition }: Pick<Asked, 'condition'>): boolean {
  return condition.kind === 'and' && condition.of.length === 0
}

/** Events that have the words of a search are listed first where they are no more than so many on a day. */
const mostRare = 20_000

/** The question for one day: which way is the better one in depends on how many events have the words. */
export async function questionFor(db: Sqlite, day: string, asked: Asked): Promise<Question> {
  const { condition, rarity } = asked
  const nameOf = (need: Need) => `${day} ${matchText(need)}`
  const isRare = async (need: Need) => {
    const known = rarity.get(nameOf(need)) ?? (await countUpTo(db, need)) <= mostRare
    rarity.set(nameOf(need), known)
    return known
  }
  const need = needOf(condition)
  const isWayIn = need !== undefined && (await isRare(need))
  // Where the way in asks for the words already, the phrases are rare as well.
  if (!isWayIn) for (const phrase of phrasesOf(condition)) await isRare(phrase)
  const isListed = (phrase: Need) => isWayIn || (rarity.get(nameOf(phrase)) ?? false)
  return { ...questionOf(asked, isWayIn ? need : undefined), isRare: isListed }
}

/** The question where every event of the day is looked at anyhow: then what has the words is always listed first. */
export function wholeQuestion(asked: Asked): Question {
  return { ...questionOf(asked, needOf(asked.condition)), isRare: () => true }
}

function questionOf({ condition, host, asOf, fromMs, toMs }: Asked, need: Need | undefined): Omit<Question, 'isRare'> {
  const isAnswered = need !== undefined && isAnsweredByNeed(condition)
  return {
    condition: isAnswered ? always : condition,
    ...(need !== undefined && { need }),
    before: rowIdOf(asOf, 0),
    ...(host !== undefined && { host }),
    ...(fromMs !== undefined && { fromMs }),
    ...(toMs !== undefined && { toMs }),
  }
}

async function countUpTo(db: Sqlite, need: Need): Promise<number> {
  const sql = 'select count(*) as count from (select 1 from words where words match ? limit ?)'
  const [row] = await db.all<{ count: number }>(sql, [matchText(need), mostRare + 1])
  return row?.count ?? 0
}

function phrasesOf(condition: Condition): Need[] {
  if (condition.kind === 'phrase') return [condition]
  if (condition.kind === 'not') return phrasesOf(condition.of)
  return condition.kind === 'and' || condition.kind === 'or' ? condition.of.flatMap(phrasesOf) : []
}

/** Rows of a statement that Kysely has written. */
export function ask<Row>(
  db: Sqlite,
  { sql, parameters }: { sql: string; parameters: readonly unknown[] },
): Promise<Row[]> {
  // Only texts and numbers are put into them.
  return db.all<Row>(sql, parameters as readonly Value[])
}
