import { describe, expect, test } from 'vitest'
import { beginCut } from '../cut.ts'
import { madeBySqlite } from '../database.fixture.ts'
import type { Database, Value } from '../database.ts'
import { recordOf } from '../recorded.fixture.ts'
import { sqlite } from './index.ts'
import { eventsOfBytes, opened, walBeside } from './sqlite.fixture.ts'

const many = (count: number, columns: string) =>
  `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count}) insert into t select ${columns} from n;`

function rowsOf(database: Database): unknown[][] {
  const table = database.table('T') ?? expect.fail('no table')
  return Array.from(table.rows(), ({ values }) => table.columns.map((column) => asSqlite(values.get(column))))
}

/** SQLite was asked for integers in full. */
function asSqlite(value: Value | undefined): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value
}

describe('what SQLite wrote is what is read', () => {
  const cases: [string, string][] = [
    [
      'rows of several levels of pages',
      `pragma page_size = 512; create table t (a, b); ${many(5000, "i, 'row ' || i")}`,
    ],
    [
      'rows that overflow',
      `create table t (a text, b blob); ${many(40, 'hex(zeroblob(i * 997)), randomblob(i * 3000)')}`,
    ],
    [
      'text in UTF-16 little-endian',
      `pragma encoding = 'UTF-16le'; create table t (a); insert into t values ('Zoë 猫')`,
    ],
    ['text in UTF-16 big-endian', `pragma encoding = 'UTF-16be'; create table t (a); insert into t values ('Zoë 猫')`],
    [
      'integers of every length, and real numbers',
      `create table t (a integer, b real);
       insert into t values (0, 0.5), (1, -1e300), (-128, 2), (32767, null), (-8388608, 3.25), (2147483647, 1), (140737488355327, 1),
         (9223372036854775807, 1), (-9223372036854775808, 1), (9007199254740993, 1)`,
    ],
    [
      'rowids, also negative and large ones, under the name of their column',
      `create table t (name text, Id INTEGER PRIMARY KEY); insert into t values ('a', -5), ('b', 9223372036854775807), ('c', 7)`,
    ],
    [
      'a key that is not the rowid',
      `create table t (id int primary key, a, b) without rowid; ${many(900, "1000 - i, 'x' || i, i")}`,
    ],
    [
      'a key of several columns',
      `create table t (a, b, c, d, primary key (c, a)) without rowid; ${many(500, 'i, i % 7, i % 3, -i')}`,
    ],
    [
      'columns that were added when there were rows',
      `create table t (a); insert into t values (1);
       alter table t add column b text default 'it''s'; alter table t add column c integer not null default -7;
       alter table t add column d default x'00ff'; alter table t add "e, (f)" default (1.5); insert into t values (2, 3, 4, 5, 6)`,
    ],
    [
      'computed columns that are stored, beside others that are not',
      `create table t (a, b generated always as (a * 2) stored, c); insert into t (a, c) values (4, 'c')`,
    ],
    [
      'a schema with comments, quotes and constraints',
      `create table x (y, z, primary key (y), unique (z)); create table t (-- first, one
         [a b] text check (length([a b]) > 0), /* second, */ "c""d" varchar(10, 2) collate nocase references x (y), \`e\`,
         constraint k unique ([a b], e), foreign key (e) references x (z)); pragma foreign_keys = off; insert into t values ('1', '2', '3')`,
    ],
    ['what was deleted is left out', `create table t (a); ${many(2000, 'i')} delete from t where a % 3 = 0`],
  ]

  test.each(cases)('%s', (_, sql) => {
    const { bytes, rows } = madeBySqlite(sql)
    const database = opened(bytes)

    // Real numbers without a fraction come as integers: in the file they are.
    expect(rowsOf(database)).toEqual(rows.map((row) => row.map((value) => asSqlite(value as Value))))
    expect(database.damages()).toEqual({ told: [], more: 0 })
  })
})

describe('a write-ahead log', () => {
  const before = `pragma journal_mode = wal; pragma wal_autocheckpoint = 0; create table t (a integer primary key, b); insert into t values (1, 'old')`
  const after = `update t set b = 'new'; insert into t values (2, 'more')`
  const { bytes, wal = expect.fail('no log'), rows } = madeBySqlite(before, after)
  const texts = (database: Database) => rowsOf(database).map(([, text]) => text)
  const about = (...beside: Parameters<typeof eventsOfBytes>[1] & object) =>
    eventsOfBytes(bytes, beside)[0]?.tidewaiter.database

  test('is applied, and a row names the frame it stands in', () => {
    const database = opened(bytes, wal)
    const [row] = database.table('t')?.rows() ?? []

    expect(rowsOf(database)).toEqual(rows)
    expect(row?.records).toEqual([expect.stringMatching(/^wal:\d+$/)])
    expect(about(walBeside(wal))).toEqual({ wal: 'applied', wal_commits: 2, wal_frames: 2 })
  })

  test('counts up to its last commit whose checksum is right', () => {
    const torn = Buffer.from(wal)
    torn[torn.length - 1] = (torn.at(-1) ?? 0) ^ 1

    expect(texts(opened(bytes, torn))).toEqual(['new'])
    expect(texts(opened(bytes, wal.subarray(0, -1)))).toEqual(['new'])
  })

  test('of frames that no commit ended is not applied, and they are counted', () => {
    const open = Buffer.from(wal)
    // The length of the database in the first frame is what makes it a commit; the checksum goes over it.
    open.writeUInt32BE(0, 32 + 4)

    expect(texts(opened(bytes, open))).toEqual(['old'])
    expect(about(walBeside(open))).toEqual({ wal: 'empty' })
  })

  test('is told of where it is missing, empty, none, or cannot be looked for', () => {
    expect(texts(opened(bytes))).toEqual(['old'])
    expect(about()).toEqual({ wal: 'missing' })
    expect(about(walBeside(Buffer.alloc(0)))).toEqual({ wal: 'empty' })
    expect(about(walBeside(Buffer.from('no log'.repeat(10))))).toEqual({ wal: 'unreadable' })
    expect(eventsOfBytes(bytes)[0]?.tidewaiter.database).toEqual({ wal: 'not-looked-for' })
    expect(eventsOfBytes(madeBySqlite('create table t (a)').bytes, [])[0]?.tidewaiter.database).toEqual({
      wal: 'not-used',
    })
  })

  test('that lies alone says how much stands in it', () => {
    expect(eventsOfBytes(wal)).toMatchObject([
      { event: { action: 'database-log-read' }, tidewaiter: { log: { commits: 2, frames: 2, page_bytes: 4096 } } },
    ])
  })

  test('of a transaction that was under way is told', () => {
    const journal = Buffer.from('d9d505f920a163d70000', 'hex')

    expect(about(walBeside(wal), { name: 'database-journal', prefix: 'j', bytes: journal })).toMatchObject({
      journal: 'left',
    })
  })
})

describe('a file of pages', () => {
  const { bytes } = madeBySqlite(`create table t (a, b); ${many(3000, "i, 'row ' || i")}`)

  test('is cut at its pages, so that a row names the one it lies in', () => {
    const cut = beginCut(sqlite([]).cut)
    const pieces: Buffer[] = []
    for (let at = 0, piece = cut(bytes, at); piece !== undefined; at = piece.next, piece = cut(bytes, at))
      pieces.push(bytes.subarray(at, piece.end))

    expect(pieces.map(({ length }) => length)).toEqual(Array(bytes.length / 4096).fill(4096))
  })

  test('gives the same, in one record or in many', () => {
    const decoding = sqlite([]).start({})
    for (let at = 0; at < bytes.length; at += 4096) decoding.push(recordOf(bytes.subarray(at, at + 4096)))

    expect([...decoding.end()]).toEqual(eventsOfBytes(bytes))
    expect(eventsOfBytes(bytes)).toMatchObject([
      { tidewaiter: { tables: [{ name: 't', rows: 3000 }], table_count: 1 } },
    ])
  })

  test('that was given up between two batches says so', () => {
    const first = sqlite([]).start({})
    first.push(recordOf(bytes.subarray(0, 4096)))

    const [event] = [...sqlite([]).start({}, first.state()).push(recordOf(bytes))]

    expect(event).toMatchObject({ error: { code: 'ends-early', message: expect.stringMatching(/^4096 bytes/) } })
  })
})
