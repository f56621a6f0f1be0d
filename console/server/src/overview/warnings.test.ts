import { expect, test } from 'vitest'
import type { Deps } from '../deps.ts'
import { warningsOf } from './warnings.ts'

const sinceMs = Date.parse('2026-10-29T12:00:00.000Z')

test('a ledger that takes nothing is the first thing said, and not that room is short', async () => {
  const [first, ...rest] = await warningsOf(depsOf({ freeBytes: 0, fullSinceMs: sinceMs }), asked)

  expect(first).toMatchObject({ code: 'ledger-full', says: expect.stringContaining('2026-10-29T12:00:00.000Z') })
  expect(rest.map(({ code }) => code)).not.toContain('disk-low')
})

test('with room again, or little of it, nobody is told that the ledger is full', async () => {
  expect(await codesOf({ freeBytes: 1e12 })).toEqual(['index-in-clear'])
  expect(await codesOf({ freeBytes: 1e6 })).toEqual(['disk-low', 'index-in-clear'])
})

const asked = { lagBatches: 0, hosts: [] }

interface Sample {
  freeBytes: number
  fullSinceMs?: number
}

async function codesOf(sample: Sample): Promise<string[]> {
  return (await warningsOf(depsOf(sample), asked)).map(({ code }) => code)
}

function depsOf({ freeBytes, fullSinceMs }: Sample) {
  const parts = {
    // No volume has it, so none of it is found to be encrypted.
    data: '/nowhere',
    ledger: { space: async () => ({ freeBytes }), origins: [] },
    heads: null,
    keys: { recovery: { waits: () => false } },
    receive: { fullSinceMs: () => fullSinceMs, silences: () => [], clockStep: () => undefined },
    now: () => sinceMs,
  }
  // What the warnings look at.
  return parts as unknown as Deps
}
