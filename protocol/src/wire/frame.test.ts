import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toUtf8 } from '../bytes.ts'
import { anyText } from '../chunks.fixture.ts'
import { Refusal } from '../error.ts'
import { clockOffsetOf, parseAgentMessage, parseConsoleMessage } from './frame.ts'
import { limits } from './limits.ts'

const runs = { seed: 6455 }
const parsers = { agent: parseAgentMessage, console: parseConsoleMessage }
type From = keyof typeof parsers

/** Messages in order, as the vectors have them. */
const messages: { from: From; message: Record<string, unknown> }[] = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/frames.json'), 'utf8')) as {
    from: From
    text: string
    refused?: string
  }[]
)
  .filter(({ refused }) => refused === undefined)
  .map(({ from, text }) => ({ from, message: JSON.parse(text) }))

function read(from: From, text: string): unknown {
  try {
    return parsers[from](text)
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

describe('a control message', () => {
  test('is taken by the side it is for, and by that side alone, unless both say it', () => {
    for (const { from, message } of messages) {
      const other = from === 'agent' ? 'console' : 'agent'
      expect(read(from, JSON.stringify(message))).toEqual(message)
      expect([message, read(other, JSON.stringify(message))]).toEqual([message, 'frame-malformed'])
    }
  })

  test('that is any text or any JSON at all is refused by name', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<From>('agent', 'console'),
        fc.oneof(anyText, fc.json({ maxDepth: 6 })),
        (from, text) => {
          expect(read(from, text)).toBe('frame-malformed')
        },
      ),
      { ...runs, numRuns: 500 },
    )
  })

  test('of which any value, however deep inside, is another one is refused or read as it stands', () => {
    fc.assert(
      fc.property(fc.constantFrom(...messages), fc.nat(), fc.jsonValue(), ({ from, message }, at, value) => {
        const changed = withValue(message, at, value)
        expect([changed, 'frame-malformed']).toContainEqual(read(from, JSON.stringify(changed)))
      }),
      { ...runs, numRuns: 1000 },
    )
  })

  test('with a member more is refused, at every level', () => {
    for (const { from, message } of messages)
      for (const changed of withMembers(message))
        expect([changed, read(from, JSON.stringify(changed))]).toEqual([changed, 'frame-malformed'])
  })

  test('of the largest size there may be is read or refused in bounded time, and one over it is not parsed', () => {
    const startedAt = performance.now()
    const state = messages.find(({ message }) => message.type === 'state')!.message
    const source = { id: 'x', state: 'ok' }
    const most = { ...state, sources: Array.from({ length: 2000 }, (_, i) => ({ ...source, id: `network:${i}` })) }
    const filled = (piece: string) => piece.repeat(Math.floor(limits.textFrame / toUtf8(piece).length))

    expect(read('agent', JSON.stringify(most))).toEqual(most)
    expect(read('agent', JSON.stringify({ ...most, sources: [...most.sources, source] }))).toBe('frame-malformed')
    expect(read('agent', JSON.stringify({ ...state, sources: [{ ...source, id: `x:${'y'.repeat(500_000)}` }] }))).toBe(
      'frame-malformed',
    )
    for (const piece of ['[', '{"a":', '"', '\\', '1', '{"type":"hello"},', 'e\u0301'])
      expect(read('agent', filled(piece))).toBe('frame-malformed')
    expect(read('agent', `${' '.repeat(limits.textFrame)}1`)).toBe('frame-too-large')
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})

/** All places in a value, itself first. */
function placesIn(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]]
  return [[], ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner).map((place) => [name, ...place]))]
}

function withAt(whole: unknown, [name, ...rest]: (string | number)[], change: (value: unknown) => unknown): unknown {
  if (name === undefined) return change(whole)
  const inner = (whole as Record<string, unknown>)[name]
  return Array.isArray(whole)
    ? whole.with(Number(name), withAt(inner, rest, change))
    : { ...(whole as object), [name]: withAt(inner, rest, change) }
}

function withValue(message: unknown, at: number, value: unknown): unknown {
  const places = placesIn(message)
  return withAt(message, places[at % places.length]!, () => value)
}

function withMembers(message: unknown): unknown[] {
  return placesIn(message).flatMap((place) => {
    let isObject = false
    const changed = withAt(message, place, (value) => {
      isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      return isObject ? { ...(value as object), more: 1 } : value
    })
    return isObject ? [changed] : []
  })
}

test('the offset of a clock is told to the millisecond where both ways take as long, and off by half of what they differ', () => {
  const ms = fc.integer({ min: 0, max: 100_000 })
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), ms, ms, ms, (offset, out, held, back) => {
      const sentMs = 1_795_000_000_000
      const receivedMs = sentMs - offset + out
      const repliedMs = receivedMs + held
      const told = clockOffsetOf({ sentMs, receivedMs, repliedMs, arrivedMs: repliedMs + offset + back })
      expect(Math.abs(told - offset)).toBeLessThanOrEqual(Math.abs(out - back) / 2 + 0.5)
      if (out === back) expect(told).toBe(offset)
    }),
    runs,
  )
})
