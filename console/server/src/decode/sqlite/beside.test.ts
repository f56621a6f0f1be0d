import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { madeBySqlite } from '../database.fixture.ts'
import { decodeFile } from '../files.ts'

const folder = mkdtempSync(join(tmpdir(), 'sqlite-beside-'))
afterAll(() => rmSync(folder, { recursive: true }))

const table = `pragma journal_mode = wal; create table wtmp(ID integer primary key, Type integer, User text not null, Login integer,
  Logout integer, TTY text, RemoteHost text, Service text) strict`
const { bytes, wal = expect.fail('no log') } = madeBySqlite(
  table,
  `insert into wtmp values (1, 3, 'eve', 1700000000000000, null, 'pts/0', '192.0.2.44', 'sshd')`,
)

test('a file is read with the write-ahead log that lies beside it, and without it says that it is missing', async () => {
  const path = join(folder, 'wtmp.db')
  writeFileSync(path, bytes)
  const [alone] = await Array.fromAsync(decodeFile(path))
  writeFileSync(`${path}-wal`, wal)
  const [summary, signIn] = await Array.fromAsync(decodeFile(path))
  const [log] = await Array.fromAsync(decodeFile(`${path}-wal`))

  expect(alone?.tidewaiter.database).toEqual({ wal: 'missing' })
  expect(summary).toMatchObject({ tidewaiter: { database: { wal: 'applied' }, tables: [{ name: 'wtmp', rows: 1 }] } })
  expect(signIn).toMatchObject({ event: { dataset: 'wtmpdb', action: 'sign-in' }, user: { name: 'eve' } })
  // The row stands in the log alone: its record is one of the log's own.
  expect(signIn?.tidewaiter.record.split(':')[0]).toBe(log?.tidewaiter.record.split(':')[0])
})
