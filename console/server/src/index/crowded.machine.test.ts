import { rmSync } from 'node:fs'
import type { Header, Loss, SourceSpan } from '@tidewaiter/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { newFolder } from './index.fixture.ts'
import { files } from './layout.ts'
import { evidenceOf } from './read/coverage.ts'
import { openHandles } from './read/handles.ts'
import { embeddedSchema } from './schema.ts'
import { openForWriting } from './write/database.ts'
import { openNumbers, restOfSources } from './write/numbers.ts'
import { most } from './write/room.ts'
import { openSpans } from './write/spans.ts'

const startMs = Date.parse('2026-11-24T00:00:00.000Z')
const at = (minute: number) => new Date(startMs + minute * 60_000).toISOString()
const perBatch = 2_000
const batches = 30

test('a host that names sources and loses evidence without end is kept in bounds: what is not told apart is lost, and no other host is touched', {
  timeout: 60_000,
}, async () => {
  // given
  const dir = newFolder()
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const db = openForWriting(files.events(dir), embeddedSchema.events, 1)
  const numbers = openNumbers(db, 'host')
  const spans = openSpans(db, numbers)
  const add = (host: string, minute: number, sources: SourceSpan[], lost: Loss[] = []) =>
    spans.add(numbers.host(host), header(minute, sources, lost), new Set())

  // when: each batch names new sources, moves one of old without joining, and owns up to losses of ever new causes
  for (let n = 0; n < batches; n++) {
    db.exec('begin immediate')
    add('well', n, [number('journal', n)])
    const sources = Array.from({ length: perBatch - 1 }, (_, i) => number(`log-file:/${n * perBatch + i}`, 1))
    const lost = Array.from({ length: perBatch }, (_, i) => ({
      ...{ source: `log-file:/${i}`, count: 1, cause: `cause ${n} ${i}` },
      ...{ from: at(n - 1000 * i), to: at(n) },
    }))
    add('hostile', n, [...sources, number('journal', 7 * n)], lost)
    spans.save()
    db.exec('commit')
  }

  // then
  const count = (sql: string) => Number(db.prepare(`select count(*) as n from ${sql}`).get()?.n)
  expect(count('source')).toBeLessThanOrEqual(most.sources + 2)
  expect(count('span')).toBeLessThanOrEqual(most.spans + most.sources + 2)
  db.close()
  const handles = openHandles(dir)
  const { spans: hostile } = await evidenceOf(handles, 'hostile')
  const { spans: well } = await evidenceOf(handles, 'well')
  await handles.closeAll()
  expect(well).toMatchObject([{ id: 'journal', state: 'covered', from: at(0), to: at(batches - 1) }])
  const rest = hostile.filter(({ id }) => id === restOfSources)
  expect(rest).toMatchObject([{ state: 'lost', lost: null, to: at(batches - 1) }])
  expect(rest[0]?.why).toContain(`more than ${most.sources} sources`)
  // Its journal never joined: behind the first batch nothing of it counts as covered for any length of time.
  const joins = hostile.filter(({ id, state, from, to }) => id === 'journal' && state === 'covered' && from !== to)
  expect(joins).toEqual([])
  const counted = hostile.reduce((sum, { lost }) => sum + (lost ?? 0), 0)
  expect(counted).toBeGreaterThanOrEqual(perBatch * batches)
})

test('a host and all branches of its chain have one allowance: what is beyond counts as lost', {
  timeout: 60_000,
}, async () => {
  const dir = newFolder()
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const db = openForWriting(files.events(dir), embeddedSchema.events, 1)
  const numbers = openNumbers(db, 'host')
  const spans = openSpans(db, numbers)
  const add = (branch: string | null, n: number, sources: SourceSpan[]) => {
    const chain = numbers.chain({ host: 'hostile', branch, headerHash: `hash ${n}` }, { prev: null })
    spans.add(chain, header(n, sources, []), new Set(), branch !== null)
  }
  db.exec('begin immediate')
  add(null, 0, [number('journal', 0)])
  for (let n = 1; n <= 100; n++)
    add(
      n.toString(16).padStart(8, '0'),
      n,
      Array.from({ length: 500 }, (_, i) => number(`log-file:/${i}`, 1)),
    )
  add(null, 1, [number('journal', 1)])
  spans.save()
  db.exec('commit')

  const count = (table: string) => Number(db.prepare(`select count(*) as n from ${table}`).get()?.n)
  expect(count('host')).toBe(1 + most.branches + 1)
  expect(count('source')).toBeLessThanOrEqual(most.sources + most.branches + 1)
  expect(count('span')).toBeLessThanOrEqual(most.sources + 2 * most.branches + 1)
  db.close()
  const handles = openHandles(dir)
  const { spans: told } = await evidenceOf(handles, 'hostile')
  await handles.closeAll()
  expect(told.filter(({ id }) => id === 'journal')).toMatchObject([{ state: 'covered', from: at(0), to: at(1) }])
  const last = told.filter(({ id, to }) => id === restOfSources && to === at(100))
  expect(last).toMatchObject([{ state: 'lost', lost: null }])
  expect(last[0]?.why).toContain(`more than ${most.branches} branches`)
})

function number(id: string, n: number): SourceSpan {
  return { id, first: { number: n }, next: { number: n + 1 }, count: 1 }
}

function header(minute: number, sources: SourceSpan[], lost: Loss[]): Header {
  // What coverage does not look at.
  return { seq: minute + 1, from: at(minute), to: at(minute), clockOffset: null, sources, lost } as unknown as Header
}
