import { rmSync } from 'node:fs'
import type { Header, SourceSpan } from '@tidewaiter/protocol'
import type { SearchCoverage } from '@tidewaiter/protocol/api'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../store/store.ts'
import { newFolder, rowOf, span } from './index.fixture.ts'
import { files } from './layout.ts'
import { openHandles } from './read/handles.ts'
import { scopeOf } from './read/scope.ts'
import { embeddedSchema } from './schema.ts'
import { openForWriting } from './write/database.ts'
import { openNumbers } from './write/numbers.ts'
import { openSpans } from './write/spans.ts'

const auth = 'log-file:/var/log/auth.log'
const minutes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('a host is fully covered when each source was, from end to end', async () => {
  expect(await covered({ [auth]: minutes(0, 60) })).toBe(1)
  expect(await covered({ [auth]: [...minutes(0, 20), ...minutes(40, 60)] })).toBe(0)
})

test('a source that never gave anything counts, whether the host calls it ill or well', async () => {
  const given = { [auth]: minutes(0, 60) }

  expect(await covered(given, { [auth]: 'ok' })).toBe(1)
  expect(await covered(given, { [auth]: 'ok', 'login:btmp': 'not-enabled' })).toBe(0)
  expect(await covered(given, { [auth]: 'ok', 'login:btmp': 'failed' })).toBe(0)
  expect(await covered(given, { [auth]: 'ok', socket: 'ok' })).toBe(0)
})

test('a source that stopped before the time that is asked for counts; a slow snapshot between two passes does not', async () => {
  const said = { [auth]: 'ok', socket: 'ok' } as const
  const last = { fromMs: Date.parse(at(50)) }

  expect(await covered({ [auth]: minutes(0, 60), socket: minutes(0, 30) }, said, last)).toBe(0)
  expect(await covered({ [auth]: minutes(0, 60), socket: [0, 30] }, said, last)).toBe(0)
  const slow = { [auth]: 'ok', autoruns: 'ok' } as const
  expect(await covered({ [auth]: minutes(0, 60), autoruns: [0, 15, 30, 45] }, slow, last)).toBe(1)
  expect(await covered({ [auth]: minutes(0, 60), inventory: [0] }, { [auth]: 'ok', inventory: 'ok' }, last)).toBe(1)
})

test('neither a snapshot that is taken again when its agent begins anew counts, nor that an agent has nothing to say', async () => {
  const said = { [auth]: 'ok', inventory: 'ok' } as const

  expect(await covered({ [auth]: minutes(0, 60), inventory: [0, 1, 30], 'agent:policy': [5, 30] }, said)).toBe(1)
})

test('of hosts of which nothing is held from the end of the time it says so, and calls none silent for it', async () => {
  const { says } = await scoped({ [auth]: minutes(0, 20) })

  expect(says).toBe(
    '0 of 1 host fully covered since their first evidence; of 1 nothing is held from the end of this time.',
  )
})

function at(minute: number): string {
  return new Date(Date.parse('2026-11-24T12:00:00Z') + minute * 60_000).toISOString()
}

/** Hosts of one that are fully covered at minute 60. */
async function covered(...how: Parameters<typeof scoped>): Promise<number> {
  return (await scoped(...how)).covered
}

/** Of one host at minute 60. Its sources were named in these minutes, and it says this of them. */
async function scoped(
  named: Record<string, readonly number[]>,
  said?: Record<string, 'ok' | 'failed' | 'not-enabled'>,
  asked: { fromMs?: number } = {},
): Promise<SearchCoverage> {
  const dir = newFolder()
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const db = openForWriting(files.events(dir), embeddedSchema.events, 1)
  const numbers = openNumbers(db, 'host')
  const spans = openSpans(db, numbers)
  for (const minute of minutes(0, 60)) {
    const names = Object.keys(named).filter((id) => named[id]?.includes(minute) === true)
    const sources = names.map((id) =>
      id === auth
        ? span(place(named[id], minute), place(named[id], minute) + 1, { id })
        : passes(place(named[id], minute), id),
    )
    // What coverage does not look at.
    const times = { seq: minute + 1, from: at(minute), to: at(minute), clockOffset: null }
    const header = { ...times, sources, lost: [] } as unknown as Header
    spans.add(numbers.host('desk'), header, { receivedAtMs: Date.parse(at(60)), snapshots: new Set() })
  }
  spans.save()
  db.close()
  const store = await openStore({ file: ':memory:' })
  const states = Object.entries(said ?? {}).map(([id, state]) => ({ id, state }))
  const last_state = said === undefined ? null : JSON.stringify({ sources: states, since: {} })
  const row = { ...rowOf({ id: 'desk', publicKey: new Uint8Array(1) }, 'desk-1'), last_state }
  await store.insertInto('host').values(row).execute()
  const handles = openHandles(dir)
  const scope = await scopeOf({ handles, store, nowMs: Date.parse(at(60)) }, asked)
  await handles.closeAll()
  await store.destroy()
  return scope
}

/** A snapshot: its positions are numbers of passes. */
function passes(n: number, id: string): SourceSpan {
  return { id, first: { number: n }, next: { number: n + 1 }, count: 1 }
}

/** Positions go on from one naming to the next. */
function place(all: readonly number[] | undefined, minute: number): number {
  return all?.indexOf(minute) ?? 0
}
