import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cpuMs } from '../cpu.fixture.ts'
import { madeBySqlite } from '../database.fixture.ts'
import { eventsOfBytes, opened, walBeside } from './sqlite.fixture.ts'

const { bytes } = madeBySqlite(`pragma page_size = 1024; create table t (a, b);
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
  insert into t select i, 'row ' || i || hex(zeroblob(i % 50 * 20)) from n`)
const whole = opened(bytes)
const rootAt = 1024

const changed = (change: (copy: Buffer) => void) => {
  const copy = Buffer.from(bytes)
  change(copy)
  return copy
}
const readIn = (copy: Buffer) => {
  const database = opened(copy)
  return {
    rows: [...(database.table('t')?.rows() ?? [])].length,
    codes: database.damages().told.map(({ code }) => code),
  }
}

test('a damaged page costs its own rows, and is told where it is', () => {
  const [leaf] = whole.table('t')?.row(1000)?.records ?? []
  const at = Number(leaf?.split('/').at(-1))
  const lost = [...(whole.table('t')?.rows() ?? [])].filter(({ records: [own] }) => own === leaf).length
  const copy = changed((all) => all.fill(0, at, at + 1024))
  const database = opened(copy)

  expect([...(database.table('t')?.rows() ?? [])]).toHaveLength(2000 - lost)
  expect(database.damages().told).toEqual([{ code: 'format-unknown', says: expect.any(String), record: leaf }])
})

test('a page that leads back to itself, or out of the file, ends there', () => {
  const { rows, codes } = readIn(changed((all) => all.writeUInt32BE(2, rootAt + 8)))
  expect(codes).toEqual(['place-impossible'])
  expect(rows).toBeGreaterThan(0)
  expect(readIn(changed((all) => all.writeUInt32BE(0xffffffff, rootAt + 8))).codes).toEqual(['place-impossible'])
})

test('cells that lie over each other are not read over and over', () => {
  const [leaf] = whole.table('t')?.row(1)?.records ?? []
  const at = Number(leaf?.split('/').at(-1))
  const { codes } = readIn(
    changed((all) => {
      const cell = all.readUInt16BE(at + 8)
      all.writeUInt16BE(500, at + 3)
      for (let i = 0; i < 500; i++) all.writeUInt16BE(cell, at + 8 + i * 2)
    }),
  )

  expect(codes).toContain('too-large')
})

test('an overflow page of two rows is given to one of them', () => {
  const made = madeBySqlite(
    `pragma page_size = 1024; create table t (a); insert into t values (zeroblob(5000)), (zeroblob(5000))`,
  )
  const [first, second] = [...(opened(made.bytes).table('t')?.rows() ?? [])]
  const [own = '', chain = ''] = first?.records ?? []
  const other = Number(second?.records[1]?.split('/').at(-1)) / 1024 + 1
  const all = Buffer.from(made.bytes)
  const leaf = Number(own.split('/').at(-1))
  const place = all
    .subarray(leaf, leaf + 1024)
    .indexOf(Buffer.from([0, 0, 0, Number(chain.split('/').at(-1)) / 1024 + 1]))
  all.writeUInt32BE(other, leaf + place)
  const database = opened(all)

  expect([...(database.table('t')?.rows() ?? [])]).toHaveLength(1)
  expect(database.damages().told).toMatchObject([{ code: 'place-impossible' }])
})

test('a file that is cut off gives what is there, and says that it ends', () => {
  const { rows, codes } = readIn(bytes.subarray(0, bytes.length / 2))

  expect(rows).toBeGreaterThan(100)
  expect(new Set(codes)).toEqual(new Set(['ends-early']))
})

test('any change of any bytes is read to an end, and never into more rows than were there', () => {
  const { bytes: base, wal = Buffer.alloc(0) } = madeBySqlite(
    `pragma page_size = 512; pragma journal_mode = wal; pragma wal_autocheckpoint = 0;
     create table t (a integer primary key, b); create table u (a, b, c, primary key (b, a)) without rowid;
     insert into u values (1, 'x', 2), (2, 'y', 3)`,
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 60) insert into t select i, hex(zeroblob(i * 9)) from n`,
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (changes, inLog) => {
        const [file, log] = [Buffer.from(base), Buffer.from(wal)]
        const copy = inLog ? log : file
        for (const [at, byte] of changes) copy[at % copy.length] = byte
        for (const { event } of eventsOfBytes(file, [walBeside(log)])) expect(event.dataset).toBe('sqlite')
      },
    ),
    { numRuns: 300 },
  )
})

test('16 MiB of pages that point at each other take no longer than their size lets expect', () => {
  const evil = Buffer.alloc(16 * 1024 * 1024)
  bytes.copy(evil, 0, 0, 1024)
  for (let at = 1024; at < evil.length; at += 1024) {
    evil[at] = 5
    evil.writeUInt16BE(100, at + 3)
    for (let i = 0; i < 100; i++) {
      evil.writeUInt16BE(212 + i * 8, at + 12 + i * 2)
      evil.writeUInt32BE(2 + ((at / 1024 + i * 97) % (evil.length / 1024 - 2)), at + 212 + i * 8)
    }
  }
  evil.writeUInt32BE(0, 28)
  evil.writeUInt32BE(1, 92)
  const startedAt = cpuMs()

  expect(eventsOfBytes(evil).length).toBeLessThan(110)
  expect(cpuMs() - startedAt).toBeLessThan(8000)
})
