import { cpSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Batch, EarlierStands } from '@tidewaiter/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchAfter, fileAt, linesOf, testKey } from '../batch.fixture.ts'
import { memoryFolder } from '../folder.fixture.ts'
import { type HostKey, newHostKey } from '../identity.ts'
import { openDatabase } from './database.ts'
import { Spool } from './spool.ts'

const source = 'log-file:/var/log/a.log'

interface Entry {
  batch: Batch
  records: number
  acked: boolean
  /** A console does not take the chain it is of. */
  isGivenUp?: boolean
}

const answers = ['held', 'lacked', 'refused', 'not named'] as const

/** What is true of a spool, told as simply as can be: every batch ever committed, in its order. */
interface Model {
  /** Of the chain that is sealed now, and of those before. */
  batches: Entry[]
  old: Entry[]
  isFull: boolean
  /** What was acknowledged while the disk was full: it holds with the next write that finds room. */
  late: (() => void)[]
}

interface Real {
  db: DatabaseSync
  spool: Spool
  folder: string
  key: HostKey
}

test('whatever happens to it, a spool holds, has handed over or counts as lost every record that was committed', () => {
  const commands = [
    fc.nat({ max: 40 }).map(append),
    fc.nat({ max: 40 }).map(append),
    fc.nat({ max: 30 }).map(acknowledge),
    fc.nat({ max: 30 }).map(acknowledgeUpTo),
    fc.integer({ min: 500, max: 20_000 }).map(setBudget),
    fc.integer({ min: 0, max: 5_000 }).map(trim),
    fc.boolean().map(fillDisk),
    fc.constant(0).map(die),
    fc.constant(0).map(commitAgain),
    fc.constant(0).map(beginChain),
    fc.tuple(fc.array(fc.constantFrom(...answers)), fc.nat({ max: 4 })).map(settleEarlier),
  ]
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 40, size: 'max' }), (run) => {
      fc.modelRun(() => ({ model: { batches: [], old: [], isFull: false, late: [] }, real: newReal() }), run)
    }),
    { numRuns: 60 },
  )
})

function append(lines: number) {
  return command(`append ${lines}`, (model, { spool, key }) => {
    const records = Array.from({ length: lines }, (_, i) => `line ${i}`)
    const owed = spool.owed(100)
    const first = spool.sourceOf(source)?.position ?? fileAt(0)
    const next = fileAt(model.old.length + model.batches.length + 1)
    const batch = batchAfter(spool.chain()?.tip ?? null, {
      key,
      chunks: lines > 0 ? [linesOf(source, records)] : [],
      sources: [{ id: source, first, next, count: lines }],
      lost: owed,
    })
    expect(spool.commit(batch, { settled: owed })).toBe(!model.isFull)
    if (model.isFull) return
    catchUp(model)
    model.batches.push({ batch, records: lines, acked: false })
  })
}

function acknowledge(pick: number) {
  return command(`acknowledge ${pick}`, (model, { spool }) => {
    const entry = model.batches[pick % Math.max(1, model.batches.length)]
    if (entry === undefined || spool.hashOf(entry.batch.header.seq) === undefined) return
    spool.markHeld({ seq: entry.batch.header.seq })
    model.late.push(() => {
      entry.acked = true
    })
    if (!model.isFull) catchUp(model)
  })
}

function acknowledgeUpTo(pick: number) {
  return command(`acknowledge up to ${pick}`, (model, { spool }) => {
    const held = model.batches.slice(0, pick).filter(({ batch }) => spool.hashOf(batch.header.seq) !== undefined)
    spool.markHeld({ seq: pick, upTo: true })
    model.late.push(() => {
      for (const entry of held) entry.acked = true
    })
    if (!model.isFull) catchUp(model)
  })
}

function setBudget(bytes: number) {
  return command(`set the budget to ${bytes}`, (_, { spool }) => spool.setBudget(bytes))
}

function trim(bytes: number) {
  return command(`trim the history to ${bytes}`, (_, { spool }) => spool.trimHistory(bytes))
}

/** Nothing can be written; SQLite says it by another code (READONLY) than a full disk does. */
function fillDisk(isFull: boolean) {
  return command(isFull ? 'fill the disk' : 'free the disk', (model, { db }) => {
    db.exec(`PRAGMA query_only = ${isFull ? 'ON' : 'OFF'}`)
    model.isFull = isFull
  })
}

/** The process is killed: what its files hold at this moment is all there is. */
function die() {
  return command('die', (model, real) => {
    const folder = memoryFolder()
    cpSync(real.folder, folder, { recursive: true })
    real.spool.close()
    Object.assign(real, { folder, ...openIn(folder) })
    Object.assign(model, { isFull: false, late: [] })
  })
}

function commitAgain() {
  return command('commit the newest again', (model, { spool }) => {
    const newest = model.batches.at(-1)
    if (newest === undefined) return
    expect(spool.commit(newest.batch)).toBe(true)
    if (!model.isFull) catchUp(model)
  })
}

function beginChain() {
  return command('begin a new chain', (model, real) => {
    const key = newHostKey()
    if (model.isFull) {
      expect(() => real.spool.beginChain({ host: key.host })).toThrowError(
        expect.objectContaining({ code: 'spool-full' }),
      )
      return
    }
    real.spool.beginChain({ host: key.host, certificate: 'a certificate' })
    catchUp(model)
    real.key = key
    model.old.push(...model.batches.splice(0))
  })
}

/** What a console says of the chains that have ended, in turn; one that it refused it does not lack later. */
function settleEarlier([said, upTo]: [(typeof answers)[number][], number]) {
  return command(`earlier chains: ${said}, ${upTo}`, (model, { spool, db }) => {
    const hosts = [...new Set(model.old.map(({ batch }) => batch.header.host))]
    const refused = new Set(model.old.filter((entry) => entry.isGivenUp).map(({ batch }) => batch.header.host))
    const stands = hosts.flatMap((host, i): EarlierStands[] => {
      const is = refused.has(host) ? 'refused' : (said[i] ?? 'held')
      const newest = model.old.find(({ batch: { header } }) => header.host === host && header.seq === upTo)
      if (is === 'lacked') return [{ host, is, after: newest === undefined ? null : tipOf(newest) }]
      return is === 'not named' ? [] : [{ host, is }]
    })
    spool.settleEarlier(stands)
    if (model.isFull) return
    catchUp(model)
    for (const stand of stands) {
      const here = model.old.filter((entry) => entry.batch.header.host === stand.host && isHere(db, entry))
      const waiting = here.filter(({ acked }) => !acked)
      if (stand.is === 'lacked')
        for (const entry of here) entry.acked = entry.batch.header.seq <= (stand.after?.seq ?? 0)
      else for (const entry of waiting) Object.assign(entry, { acked: true, isGivenUp: stand.is !== 'held' })
    }
  })
}

function isHere(db: DatabaseSync, { batch }: Entry): boolean {
  return db.prepare('SELECT 1 FROM batch WHERE header_hash = ?').get(batch.headerHash) !== undefined
}

function catchUp(model: Model): void {
  for (const act of model.late.splice(0)) act()
}

function command(name: string, act: (model: Model, real: Real) => void): fc.Command<Model, Real> {
  return {
    check: () => true,
    run(model, real) {
      act(model, real)
      compare(model, real)
    },
    toString: () => name,
  }
}

function compare({ batches, old }: Model, { spool, db, key }: Real): void {
  const everything = [...old, ...batches]
  const here = everything.filter((entry) => isHere(db, entry))
  const lost = everything.filter((entry) => entry.isGivenUp || !(entry.acked || here.includes(entry)))
  const waiting = here.filter(({ acked }) => !acked)
  const total = (entries: Entry[]) => entries.reduce((sum, { records }) => sum + records, 0)
  const bytes = (entries: Entry[]) => entries.reduce((sum, { batch }) => sum + batch.bytes.length, 0)

  expect(spool.lost()).toEqual({ records: total(lost), uncounted: 0 })
  expect(spool.chain()).toMatchObject({ host: key.host, tip: tipOf(batches.at(-1)) })
  expect(spool.usage()).toEqual({
    batches: here.length,
    bytes: bytes(here),
    unacked: waiting.length,
    unackedBytes: bytes(waiting),
  })
  expect(spool.sources()).toMatchObject(everything.length === 0 ? [] : [{ id: source, records: total(everything) }])
  expect(hashesFrom(spool)).toEqual(
    here.filter((entry) => batches.includes(entry)).map(({ batch }) => batch.headerHash),
  )
  expect(spool.peekEarlier()?.seq).toBe(waiting.find((entry) => old.includes(entry))?.batch.header.seq)
}

function tipOf(entry: Entry | undefined) {
  return entry === undefined ? null : { seq: entry.batch.header.seq, headerHash: entry.batch.headerHash }
}

function hashesFrom(spool: Spool): string[] {
  const hashes: string[] = []
  for (let batch = spool.next(0); batch !== undefined; batch = spool.next(batch.header.seq))
    hashes.push(batch.headerHash)
  return hashes
}

function newReal(): Real {
  const folder = memoryFolder()
  const { db, spool } = openIn(folder)
  spool.beginChain({ host: testKey.host, certificate: 'a certificate' })
  return { db, spool, folder, key: testKey }
}

function openIn(folder: string) {
  const db = openDatabase(join(folder, 'spool.db'))
  return { db, spool: new Spool(db, 1e9) }
}
