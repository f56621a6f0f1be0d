import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codes, type Primitives } from '@tidewaiter/protocol'
import { browserPrimitives } from '@tidewaiter/protocol/browser'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { describe, expect, test } from 'vitest'
import { filesOfVectors, kinds, outcomeOf } from './files.ts'

const primitives: Record<string, Primitives> = { node: nodePrimitives, browser: browserPrimitives }

describe.each(kinds)('vectors of $name', (kind) => {
  const vectors = vectorsIn(`${kind.name}.json`)

  test('are as many as the index says', () => {
    expect(vectors).toHaveLength(index().files[`${kind.name}.json`]?.cases ?? 0)
  })

  test.each(Object.keys(primitives))('come to what they say on the primitives of %s', async (on) => {
    for (const { name, gives, refused, ...input } of vectors) {
      const outcome = await outcomeOf(primitives[on]!, kind, input as never)

      expect({ name, ...outcome }).toEqual({ name, ...(refused === undefined ? { gives } : { refused }) })
    }
  })
})

test('every code that evidence, frames, tokens, tasks and policies can be refused with has a vector', () => {
  const seen = new Set(kinds.flatMap(({ name }) => vectorsIn(`${name}.json`).map(({ refused }) => refused)))
  // What only a console or an agent can say, each in the state it is in, and what is about packages.
  const elsewhere = /^(package-|chain-|host-wrong|token-refused|task-not-supported|artifact-not-asked)/

  expect(Object.keys(codes).filter((code) => !seen.has(code) && !elsewhere.test(code))).toEqual([])
})

test.skipIf(index().madeWith.zstd !== process.versions.zstd)('the files are the ones that make.ts writes', async () => {
  for (const [name, text] of await filesOfVectors())
    expect([name, readFileSync(join(import.meta.dirname, name), 'utf8') === text]).toEqual([name, true])
})

interface Vector {
  name: string
  gives?: unknown
  refused?: string
}

function vectorsIn(file: string): Vector[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))
}

function index(): { madeWith: { zstd: string }; files: Record<string, { cases: number }> } {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'index.json'), 'utf8'))
}
