import { randomBytes } from 'node:crypto'
import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Batch, Loss, Tip } from '@tidewaiter/protocol'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { batchAfter, fileAt, linesOf, testKey } from '../batch.fixture.ts'
import { lookInto } from '../data-folder.ts'
import { memoryFolder } from '../folder.fixture.ts'
import type { Predecessor } from '../follow/predecessor.ts'
import { newHostKey } from '../identity.ts'
import { openDatabase } from './database.ts'
import { condemnSpool, openSpool } from './open.ts'
import { Spool } from './spool.ts'

const source = 'log-file:/var/log/a.log'

test('a batch, the positions of its sources and the head of the chain are there again after a sudden death', () => {
  const { spool, folder } = newSpool()

  const batch = append(spool, { lines: ['one', 'two'] })

  const copy = memoryFolder()
  cpSync(folder, copy, { recursive: true })
  const again = openSpool(lookInto(copy), { budgetBytes: 1e9, nowMs: 0 }).spool
  expect(again.chain()).toMatchObject({ host: testKey.host, tip: tipOf(batch) })
  expect(again.sourceOf(source)?.position).toEqual(fileAt(8))
  expect(Buffer.from(again.next(0)?.bytes ?? []).equals(batch.bytes)).toBe(true)
})

test('the file before goes with the position it was handed over with, and goes when that moves on without it', () => {
  const { spool } = newSpool()
  const predecessor = { position: fileAt(7), modifiedMs: 1 }

  append(spool, { lines: ['one'], predecessor })
  append(spool)
  expect(spool.sourceOf(source)).toMatchObject({ position: fileAt(4), predecessor })

  append(spool, { lines: ['two'] })
  expect(spool.sourceOf(source)?.predecessor).toBeUndefined()
})

test('a spool of the version before goes on with all it holds', () => {
  const { spool, folder } = newSpool()
  append(spool, { lines: ['one', 'two'] })
  spool.setBudget(1)
  const batch = append(spool, { lines: ['six'] })
  const before = { chain: spool.chain(), owed: spool.owed(10), source: spool.sourceOf(source), usage: spool.usage() }
  spool.close()
  const db = openDatabase(join(folder, 'spool.db'))
  db.exec(`ALTER TABLE source DROP COLUMN predecessor; ALTER TABLE source DROP COLUMN backfill; ALTER TABLE chain DROP COLUMN certificate; ALTER TABLE chain DROP COLUMN acked; DROP INDEX loss_kind; ALTER TABLE loss RENAME TO now;
    CREATE TABLE loss (source TEXT NOT NULL, cause TEXT NOT NULL, count INTEGER, began_at TEXT NOT NULL,
      ended_at TEXT NOT NULL, PRIMARY KEY (source, cause));
    INSERT INTO loss SELECT * FROM now; DROP TABLE now; PRAGMA user_version = 1`)
  db.close()

  const opened = openSpool(lookInto(folder), { budgetBytes: 1e9, nowMs: 0 })

  const again = opened.spool
  expect(opened.setAside).toBeUndefined()
  expect(before.owed).toMatchObject([{ source, count: 2 }])
  expect({ chain: again.chain(), owed: again.owed(10), source: again.sourceOf(source), usage: again.usage() }).toEqual(
    before,
  )
  const loss = { source, count: null, cause: before.owed[0]?.cause ?? '', from: at, to: at }
  again.commit(batchAfter(tipOf(batch), { lost: [loss] }))
  again.setBudget(1)
  append(again)
  expect(again.owed(10)).toMatchObject([{ count: 3 }, { count: null }])
})

test('a batch that is committed again changes nothing', () => {
  const { spool } = newSpool()
  const batch = append(spool, { lines: ['one'] })

  spool.commit(batch)

  expect(spool.usage()).toMatchObject({ batches: 1, unacked: 1 })
  expect(spool.sources()).toMatchObject([{ id: source, records: 1 }])
})

test('a batch that does not follow the newest one is never taken', () => {
  const { spool } = newSpool()
  append(spool)

  expect(() => spool.commit(batchAfter({ seq: 7, headerHash: 'ab'.repeat(32) }))).toThrow('does not follow')
  expect(spool.usage().batches).toBe(1)
})

test('over the budget the oldest acknowledged batches go first, and nothing is lost', () => {
  const { spool } = newSpool(sizeOf(4))
  for (let i = 0; i < 4; i++) append(spool)
  for (const seq of [2, 3]) spool.markHeld({ seq })

  append(spool)
  append(spool)

  expect([1, 2, 3, 4, 5, 6].filter((seq) => spool.hashOf(seq) !== undefined)).toEqual([1, 4, 5, 6])
  expect(spool.owed(10)).toEqual([])
})

test('where unacknowledged batches must go, their records are counted as lost until a header says so', () => {
  const { spool } = newSpool()
  append(spool, { lines: ['one', 'two'] })
  append(spool, { lines: ['six'] })
  spool.setBudget(spool.usage().bytes + 10)
  append(spool)

  const [owed] = spool.owed(10)
  expect(owed).toMatchObject({ source, count: 2 })
  expect(spool.lost()).toEqual({ records: 2, uncounted: 0 })

  spool.setBudget(1e9)
  append(spool, { lost: [owed as Loss] })
  expect(spool.owed(10)).toEqual([])
  expect(spool.lost()).toEqual({ records: 2, uncounted: 0 })
})

test('a loss whose own header must go is owed again, and is counted once', () => {
  const { spool } = newSpool()
  append(spool, { lost: [{ source, count: 5, cause: 'rotated away', from: at, to: at }] })
  expect(spool.lost()).toEqual({ records: 5, uncounted: 0 })

  spool.setBudget(1)
  append(spool)

  expect(spool.owed(10)).toMatchObject([{ source, count: 5, cause: 'rotated away' }])
  expect(spool.lost()).toEqual({ records: 5, uncounted: 0 })
})

test('losses of unknown size are counted apart from the records of others, also when they are owed again and over a restart', () => {
  const { spool, folder } = newSpool()
  const unknown: Loss = { source, count: null, cause: 'rotated away', from: at, to: at }
  append(spool, { lost: [unknown] })
  append(spool, { lost: [{ ...unknown, count: 5 }] })
  expect(spool.lost()).toEqual({ records: 5, uncounted: 1 })

  spool.setBudget(1)
  append(spool)
  expect(spool.lost()).toEqual({ records: 5, uncounted: 1 })
  expect(spool.owed(10)).toMatchObject([{ count: null }, { count: 5 }])

  spool.setBudget(1e9)
  append(spool, { lost: [unknown] })
  expect(spool.owed(10)).toMatchObject([{ count: 5 }])
  spool.close()
  const again = openSpool(lookInto(folder), { budgetBytes: 1e9, nowMs: 0 }).spool
  expect(again.lost()).toEqual({ records: 5, uncounted: 1 })
})

test('a full disk refuses a batch and leaves everything as it was', () => {
  const db = openDatabase(join(memoryFolder(), 'spool.db'))
  const spool = new Spool(db, 1e9)
  spool.beginChain({ host: testKey.host })
  const first = append(spool)
  db.exec('PRAGMA max_page_count = 1')

  const big = batchAfter(tipOf(first), { chunks: [linesOf(source, noise(3000))] })
  expect(spool.commit(big)).toBe(false)
  expect(spool.chain()?.tip).toEqual(tipOf(first))
  expect(spool.usage()).toMatchObject({ batches: 1, unacked: 1 })

  db.exec('PRAGMA max_page_count = 100000')
  expect(spool.commit(big)).toBe(true)
  expect(spool.chain()?.tip).toEqual(tipOf(big))
})

test('what was acknowledged and remembered while the disk was full is written with the next batch', () => {
  const folder = memoryFolder()
  const db = openDatabase(join(folder, 'spool.db'))
  const spool = new Spool(db, 1e9)
  spool.beginChain({ host: testKey.host })
  const first = append(spool)
  db.exec('PRAGMA query_only = ON')

  spool.markHeld({ seq: 1 })
  spool.remember('clock-offset', 41)
  expect(spool.recall('clock-offset', Type.Integer())).toBe(41)
  expect(spool.usage()).toMatchObject({ unacked: 1 })

  db.exec('PRAGMA query_only = OFF')
  expect(spool.commit(batchAfter(tipOf(first)))).toBe(true)
  expect(spool.usage()).toMatchObject({ batches: 2, unacked: 1 })
  spool.close()
  const again = openSpool(lookInto(folder), { budgetBytes: 1e9, nowMs: 0 }).spool
  expect(again.recall('clock-offset', Type.Integer())).toBe(41)
  expect(again.usage()).toMatchObject({ batches: 2, unacked: 1 })
})

test('a volume that runs short takes back what the console has already, the oldest first, and nothing else', () => {
  const { spool } = newSpool()
  for (let i = 0; i < 5; i++) append(spool)
  for (const seq of [1, 2, 4, 5]) spool.markHeld({ seq })

  spool.trimHistory(sizeOf(3))
  expect([1, 2, 3, 4, 5].filter((seq) => spool.hashOf(seq) !== undefined)).toEqual([2, 3, 4, 5])
  spool.trimHistory(0)
  expect([1, 2, 3, 4, 5].filter((seq) => spool.hashOf(seq) !== undefined)).toEqual([3, 5])
  expect(spool.lost()).toEqual({ records: 0, uncounted: 0 })
})

test('what a console says it holds is known, older than what is kept, or foreign', () => {
  const { spool } = newSpool()
  const batches = [append(spool), append(spool), append(spool)]
  spool.markHeld({ seq: 2, upTo: true })
  spool.setBudget((batches[2] as Batch).bytes.length + 10)
  const fourth = append(spool)

  expect(spool.oldestSeq()).toBe(4)
  expect(spool.judge(null)).toBe('known')
  expect(spool.judge(tipOf(fourth))).toBe('known')
  expect(spool.judge(tipOf(batches[2] as Batch))).toBe('known')
  expect(spool.judge(tipOf(batches[0] as Batch))).toBe('gone')
  expect(spool.judge({ seq: 3, headerHash: 'ab'.repeat(32) })).toBe('foreign')
  expect(spool.judge({ seq: 5, headerHash: 'ab'.repeat(32) })).toBe('foreign')
  expect(spool.judge({ seq: 0, headerHash: 'ab'.repeat(32) })).toBe('foreign')
})

test('acknowledged is the newest batch before the first that waits', () => {
  const { spool } = newSpool()
  expect(spool.ackedSeq()).toBe(0)
  for (let i = 0; i < 4; i++) append(spool)
  expect(spool.ackedSeq()).toBe(0)

  for (const seq of [1, 2, 4]) spool.markHeld({ seq })
  expect(spool.ackedSeq()).toBe(2)
  spool.markHeld({ seq: 3 })
  expect(spool.ackedSeq()).toBe(4)
})

test('what had to go before a console took it does not count as acknowledged', () => {
  const { spool } = newSpool()
  for (let i = 0; i < 5; i++) append(spool)
  for (const seq of [1, 2]) spool.markHeld({ seq })
  spool.setBudget(1)
  append(spool)

  expect([spool.oldestSeq(), spool.ackedSeq()]).toEqual([6, 2])
  // Nor what a console was asked for and no longer has.
  spool.takeBack({ seq: 1 })
  expect(spool.ackedSeq()).toBe(1)
  spool.markHeld({ seq: 6 })
  expect(spool.ackedSeq()).toBe(6)
})

test('a chain that no console takes does not count as acknowledged', () => {
  const { spool } = newSpool()
  const old = spool.chain()
  for (let i = 0; i < 3; i++) append(spool)
  spool.markHeld({ seq: 1 })
  spool.beginChain({ host: 'ab'.repeat(16) })

  spool.settleEarlier([{ host: old?.host ?? '', is: 'refused' }])
  expect(spool.usage().unacked).toBe(0)
  expect(spool.ackedSeq(old?.no)).toBe(1)
})

test('a new chain begins at its first batch, and what nobody took of the old one waits', () => {
  const { spool } = newSpool()
  append(spool, { lines: ['one'] })
  spool.markHeld({ seq: 1 })
  const old = append(spool, { lines: ['two', 'six'] })
  const key = newHostKey()

  spool.beginChain({ host: key.host, lineage: { host: testKey.host, seq: 2, header: old.headerHash } })

  expect(spool.chain()).toMatchObject({ host: key.host, tip: null, lineage: { seq: 2 } })
  expect(spool.usage()).toMatchObject({ batches: 2, unacked: 1 })
  expect(spool.next(0)).toBeUndefined()
  expect(spool.peekEarlier()).toMatchObject({ seq: 2 })
  spool.commit(batchAfter(null, { key }))
  expect(spool.next(0)?.header.host).toBe(key.host)
  expect(spool.peekEarlier()).toMatchObject({ seq: 2 })
})

/** Two batches of a chain that has ended, the first of them acknowledged, and one of the chain that goes on. */
function withEnded(certificate: string | undefined = 'a certificate') {
  const { spool } = openSpool(lookInto(memoryFolder()), { budgetBytes: 1e9, nowMs: 0 })
  spool.beginChain({ host: testKey.host, ...(certificate !== '' && { certificate }) })
  const first = append(spool, { lines: ['one'] })
  spool.markHeld({ seq: 1 })
  append(spool, { lines: ['two', 'six'] })
  const key = newHostKey()
  spool.beginChain({ host: key.host })
  spool.commit(batchAfter(null, { key }))
  return { spool, first, host: testKey.host }
}

const given = [{ source, count: 2, cause: 'the chain ended before the console took it' }]

test('a chain that has ended is offered with its certificate, and one without is not', () => {
  const { spool, host } = withEnded()
  expect(spool.endedChains()).toMatchObject([{ host, certificate: 'a certificate', tip: { seq: 2 }, oldestSeq: 1 }])
  expect(withEnded('').spool.endedChains()).toEqual([])
})

test('what waits of a chain that has ended is lost by name when the console refuses it, and is counted once', () => {
  const { spool, host } = withEnded()

  spool.settleEarlier([{ host, is: 'refused' }])
  spool.settleEarlier([{ host, is: 'refused' }])

  expect(spool.usage()).toMatchObject({ batches: 3, unacked: 1 })
  expect(spool.owed(10)).toMatchObject(given)
})

test('one that was offered and not answered goes on waiting; one that cannot be offered, or to nobody, does not', () => {
  const { spool } = withEnded()
  spool.settleEarlier([])
  expect(spool.peekEarlier()).toMatchObject({ seq: 2 })
  expect(spool.owed(10)).toEqual([])

  spool.settleEarlier(undefined)
  expect(spool.owed(10)).toMatchObject(given)

  const bare = withEnded('')
  bare.spool.settleEarlier([])
  expect(bare.spool.owed(10)).toMatchObject(given)
})

test('a console that lacks the end of a chain gets what follows the batch it holds, or all where that is none of it', () => {
  const { spool, first, host } = withEnded()
  const lacked = (after: Tip | null) => spool.settleEarlier([{ host, is: 'lacked', after }])

  spool.settleEarlier([{ host, is: 'held' }])
  expect(spool.peekEarlier()).toBeUndefined()
  lacked(tipOf(first))
  expect(spool.peekEarlier()).toMatchObject({ seq: 2 })
  spool.markHeld({ chain: 1, seq: 2 })
  expect(spool.peekEarlier()).toBeUndefined()

  lacked(null)
  expect(spool.peekEarlier()).toMatchObject({ seq: 1 })
  lacked(tipOf(first))
  expect(spool.peekEarlier()).toMatchObject({ seq: 2 })
  lacked({ seq: 1, headerHash: 'ab'.repeat(32) })
  expect(spool.peekEarlier()).toMatchObject({ seq: 1 })
  expect(spool.owed(10)).toEqual([])
})

test('a damaged spool is put aside by name, and an empty one takes its place', () => {
  const { spool, folder } = newSpool()
  append(spool)
  spool.close()
  writeFileSync(join(folder, 'spool.db'), 'not a database, but long enough to be looked at as one'.repeat(100))

  const opened = openSpool(lookInto(folder), { budgetBytes: 1e9, nowMs: Date.parse(at) })

  expect(opened.setAside).toBe('spool-damaged-2026-11-24T100000000Z.db')
  expect(readFileSync(join(folder, opened.setAside ?? ''), 'utf8')).toContain('not a database')
  expect(opened.spool.chain()).toBeUndefined()
})

test('damage that only shows while the agent runs puts the spool aside at the next start', () => {
  const { spool, folder } = newSpool()
  append(spool)
  spool.close()

  condemnSpool(lookInto(folder))
  const opened = openSpool(lookInto(folder), { budgetBytes: 1e9, nowMs: Date.parse(at) })

  expect(opened.setAside).toBe('spool-damaged-2026-11-24T100000000Z.db')
  expect(opened.spool.chain()).toBeUndefined()
  opened.spool.close()
  expect(openSpool(lookInto(folder), { budgetBytes: 1e9, nowMs: 0 }).setAside).toBeUndefined()
})

test('a batch whose bytes changed on the disk is never sent', () => {
  const db = openDatabase(join(memoryFolder(), 'spool.db'))
  const spool = new Spool(db, 1e9)
  spool.beginChain({ host: testKey.host })
  const { bytes } = append(spool, { lines: ['one'] })
  const changed = Buffer.from(bytes)
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1

  db.prepare('UPDATE body SET bytes = ?').run(changed)

  expect(() => spool.next(0)).toThrowError(expect.objectContaining({ code: 'spool-broken' }))
})

test('a value that changed on the disk is damage like any other', () => {
  const db = openDatabase(join(memoryFolder(), 'spool.db'))
  const spool = new Spool(db, 1e9)
  spool.remember('witness', 'a head')

  db.prepare('UPDATE state SET value = ?').run('"a \u0001head')

  expect(() => spool.recall('witness', Type.String())).toThrowError(expect.objectContaining({ code: 'spool-broken' }))
})

test('a spool whose chain was set back is damaged: the next batch has the number of one that is there', () => {
  const { spool, folder } = newSpool()
  append(spool, { lines: ['one'] })
  append(spool, { lines: ['two'] })
  const db = openDatabase(join(folder, 'spool.db'))
  db.exec('UPDATE chain SET seq = 0')
  db.close()

  expect(() => append(spool, { lines: ['six'] })).toThrowError(expect.objectContaining({ code: 'spool-broken' }))
  expect(spool.usage().batches).toBe(2)
})

test.each([
  ['the head of the chain', "UPDATE chain SET header_hash = 'zz'"],
  ['the host of the chain', "UPDATE chain SET host = 'x'"],
  ['the name of a source', "UPDATE source SET id = ''"],
  ['the time a source was sealed', "UPDATE source SET at = 'never'"],
  ['the number of its records', 'UPDATE source SET records = -1'],
  ['a loss that is owed', "UPDATE loss SET began_at = 'x'"],
])('when %s changed on the disk it is damage: it would be sealed, and refused for ever', (_, sql) => {
  const { spool, folder } = newSpool()
  append(spool, { lines: ['one', 'two'] })
  spool.setBudget(1)
  append(spool, { lines: ['six'] })
  spool.close()
  const db = openDatabase(join(folder, 'spool.db'))
  db.exec(sql)
  db.close()

  expect(openSpool(lookInto(folder), { budgetBytes: 1e9, nowMs: 0 }).setAside).toBeDefined()
})

test('what is remembered is there again, and only in its own shape', () => {
  const { spool } = newSpool()

  spool.remember('task-counter', 41)
  spool.commit(batchAfter(null), { remember: { 'task-counter': 42 } })

  expect(spool.recall('task-counter', Type.Integer())).toBe(42)
  expect(spool.recall('task-counter', Type.String())).toBeUndefined()
  expect(spool.recall('witness', Type.Unknown())).toBeUndefined()
})

test('a spool takes no more of its volume than that can spare: streams wait, and what must go is lost by that cause', () => {
  const db = openDatabase(join(memoryFolder(), 'spool.db'))
  const size = () => Number(db.prepare('PRAGMA page_count').get()?.page_count) * 4096
  const spool = new Spool(db, 1e9, () => 20_000_000 - size())
  spool.beginChain({ host: testKey.host })
  const lines = megabyte()

  for (let i = 0; i < 40; i++) append(spool, { lines })

  // A batch is never larger than that, and goes in before others go.
  expect(size()).toBeLessThan(21_500_000)
  expect(spool.hasRoom()).toBe(false)
  expect(spool.allowed().byVolume).toBe(true)
  const [lost, ...others] = spool.owed(10)
  expect(lost).toMatchObject({
    source,
    cause: 'the volume of the spool had no room to spare before the console took it',
  })
  expect((lost?.count ?? 0) % lines.length).toBe(0)
  expect(lost?.count).toBeGreaterThanOrEqual(20 * lines.length)
  expect(others).toEqual([])
})

test('room that was taken once is used again before the volume gives more, and given back where it has none', () => {
  const folder = memoryFolder()
  const volume = { spare: 1e9 }
  const { spool } = openSpool(lookInto(folder), { budgetBytes: 1e9, spareBytes: () => volume.spare, nowMs: 0 })
  spool.beginChain({ host: testKey.host })
  for (let i = 1; i <= 20; i++) append(spool, { lines: megabyte() })
  spool.markHeld({ seq: 20, upTo: true })
  volume.spare = 0
  spool.trimHistory(0)
  expect(spool.unusedBytes()).toBeGreaterThan(16_000_000)
  expect(spool.allowed().bytes).toBeGreaterThan(16_000_000)
  expect(spool.hasRoom()).toBe(true)

  volume.spare = -1
  for (let i = 0; i < 10; i++) spool.trimHistory(0)
  expect(spool.unusedBytes()).toBe(0)
  spool.close()

  expect(statSync(join(folder, 'spool.db')).size).toBeLessThan(4_000_000)
})

const at = '2026-11-24T10:00:00.000Z'

function newSpool(budgetBytes = 1e9) {
  const folder = memoryFolder()
  const { spool } = openSpool(lookInto(folder), { budgetBytes, nowMs: 0 })
  spool.beginChain({ host: testKey.host })
  return { spool, folder }
}

interface Appending {
  lines?: string[]
  lost?: Loss[]
  predecessor?: Predecessor
}

function append(spool: Spool, { lines = [], lost = [], predecessor }: Appending = {}): Batch {
  const chunks = lines.length > 0 ? [linesOf(source, lines)] : []
  const next = fileAt(lines.reduce((sum, line) => sum + line.length + 1, 0))
  const sources = lines.length > 0 ? [{ id: source, first: fileAt(0), next, count: lines.length }] : []
  const batch = batchAfter(spool.chain()?.tip ?? null, { chunks, sources, lost })
  spool.commit(batch, { settled: lost, beside: { predecessors: new Map(predecessor ? [[source, predecessor]] : []) } })
  return batch
}

/** Bytes of `count` empty batches; signatures differ by a few bytes. */
function sizeOf(count: number): number {
  return (batchAfter(null).bytes.length + 80) * count
}

function tipOf({ header, headerHash }: Batch): Tip {
  return { seq: header.seq, headerHash }
}

/** Lines of a megabyte that does not compress much. */
function megabyte(): string[] {
  return Array.from({ length: 100 }, () => randomBytes(10_000).toString('base64'))
}

/** Lines that do not compress. */
function noise(count: number): string[] {
  return Array.from({ length: count }, () => Math.random().toString(36))
}
