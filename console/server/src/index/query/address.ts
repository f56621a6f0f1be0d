import { addressKey, networkRange, normalAddress } from '../observable-key.ts'
import { anyOf, type Condition, type Need } from './condition.ts'
import type { Field } from './fields.ts'
import type { Value } from './grammar.ts'
import { mistake } from './mistake.ts'

/** What a source may put in the place of an address: the name of a machine, a pipe, an interface beside an address. */
const mayStand = /^[\p{L}\p{N}._:%*@/\\-]+$/u

/** An address or a network in one column. Anything else is compared with what stands there. */
export function addressIn({ column, key }: Extract<Field, { kind: 'address' }>, value: Value): Condition {
  const range = rangeOf(value)
  if (range !== undefined) return { kind: 'keys', column: key, ...range, words: wordsOfRange(range) }
  if (!value.isQuoted && !mayStand.test(value.text))
    throw mistake(value.at, 'This is no address and no network such as 10.0.0.0/8. Put it in quotes to search for it.')
  if (!value.isQuoted && value.text.includes('*'))
    return { kind: 'like', column, pieces: value.text.split(/\*+/), isExact: false }
  return { kind: 'equals', column, value: value.text, isExact: false }
}

/** An address or a network wherever it stands: every address of an event is among its marks, by its key. */
export function addressAnywhere(value: Value): Condition {
  const range = rangeOf(value)
  if (range === undefined) throw mistake(value.at, 'This is no address and no network such as 10.0.0.0/8.')
  return wordsOfRange(range)
}

interface Range {
  from: string
  to: string
}

function rangeOf({ text, isQuoted }: Value): Range | undefined {
  const address = normalAddress(text)
  const key = address === undefined ? undefined : addressKey(address)
  if (key !== undefined) return { from: key, to: key }
  return networkRange(isQuoted ? text : withoutStars(text))
}

/** Every address of an event is among its marks (`write/event-words.ts`). */
function wordsOfRange(range: Range): Need {
  return anyOf(
    beginningsOf(range).map((word): Need => {
      const isPrefix = word.length < range.from.length
      return { kind: 'phrase', phrase: { column: 'marks', words: [word], isPrefix } }
    }),
  )
}

/** `203.0.113.*` is the network `203.0.113.0/24`. */
function withoutStars(text: string): string {
  const [, numbers] = /^((?:\d{1,3}\.){1,3})\*$/.exec(text) ?? []
  if (numbers === undefined) return text
  const count = numbers.split('.').length - 1
  return `${numbers}${Array(4 - count)
    .fill('0')
    .join('.')}/${count * 8}`
}

/** Beginnings of keys that make up a range of one network: one, or up to eight where it ends within a digit. */
function beginningsOf({ from, to }: Range): string[] {
  let same = 0
  while (same < from.length && from[same] === to[same]) same++
  if (same === from.length) return [from]
  const [first, last] = [Number.parseInt(from[same] ?? '0', 16), Number.parseInt(to[same] ?? 'f', 16)]
  const base = from.slice(0, same)
  if (first === 0 && last === 15) return [base]
  return Array.from({ length: last - first + 1 }, (_, i) => base + (first + i).toString(16))
}
