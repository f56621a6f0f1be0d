import type { DatabaseServer } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import type { DatabaseAnswer } from '../../host.ts'
import type { From, Records, Taken } from '../collector.ts'
import { newProcHost, rowsOf } from '../proc.fixture.ts'
import { databases } from './index.ts'

const broker: DatabaseServer = { name: 'broker', engine: 'postgresql', socket: '/run/postgresql', user: 'tidewaiter' }

/** Passes of the collector over these processes and this server, with all that it hands over. */
function newPasses({ files = {}, answer }: { files?: Record<string, string>; answer?: () => DatabaseAnswer }) {
  const host = newProcHost(files)
  if (answer !== undefined) host.readDatabase = async () => answer()
  const before: From['before'] = new Map()
  let number = 0
  return async () => {
    const isFull = ++number === 1
    const from: From = {
      ...{ position: () => ({ number }), files: [], takeFull: () => isFull, before },
      ...(answer !== undefined && { databases: [broker] }),
    }
    const taken: Taken[] = await Array.fromAsync(databases.collect(host, new AbortController().signal, from))
    const records = taken.filter((each): each is Records => 'chunks' in each)
    return {
      rows: rowsOf(records),
      sources: records.map(({ source }) => source),
      states: taken.filter((each) => 'state' in each && each.state !== 'gone'),
      gone: taken.filter((each) => 'state' in each && each.state === 'gone').map(({ source }) => source),
    }
  }
}

const process = (pid: number, { comm, ppid, rchar }: { comm: string; ppid: number; rchar?: number }) => ({
  [`/proc/${pid}/comm`]: `${comm}\n`,
  [`/proc/${pid}/stat`]: `${pid} (${comm}) S ${ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${pid}00 0 0\n`,
  ...(rchar !== undefined && {
    [`/proc/${pid}/io`]: `rchar: ${rchar}\nwchar: 9\nsyscr: 2\nsyscw: 1\nread_bytes: 4096\nwrite_bytes: 0\ncancelled_write_bytes: 0\n`,
  }),
})

test('a server without an account gives the bytes that it and its children read, and says that this is all', async () => {
  const files = {
    ...process(10, { comm: 'postgres', ppid: 1, rchar: 100 }),
    ...process(11, { comm: 'postgres', ppid: 10, rchar: 50 }),
    ...process(20, { comm: 'mongod', ppid: 1, rchar: 7 }),
    ...process(30, { comm: 'bash', ppid: 1, rchar: 999 }),
  }

  const { rows, sources, states } = await newPasses({ files })()

  expect(sources).toEqual(['database:process'])
  expect(rows.map(({ row }) => row)).toEqual([
    {
      view: '/proc/<pid>/io',
      engine: 'postgresql',
      pid: 10,
      starttime: 1000,
      processes: 2,
      rchar: 150,
      read_bytes: 8192,
      syscr: 4,
    },
    {
      view: '/proc/<pid>/io',
      engine: 'mongodb',
      pid: 20,
      starttime: 2000,
      processes: 1,
      rchar: 7,
      read_bytes: 4096,
      syscr: 2,
    },
  ])
  expect(states).toMatchObject([
    {
      source: 'database:postgresql-without-account',
      state: 'not-enabled',
      fix: expect.stringContaining('GRANT pg_read_all_stats'),
    },
    { source: 'database:mongodb-without-account', state: 'not-enabled' },
  ])
})

test('counters that may not be read are no zeros', async () => {
  const { rows } = await newPasses({ files: process(10, { comm: 'mariadbd', ppid: 1 }) })()

  expect(rows[0]?.row).toEqual({
    ...{ view: '/proc/<pid>/io', engine: 'mariadb', pid: 10, starttime: 1000, processes: 1 },
    why: expect.stringContaining('root'),
  })
})

test('processes that say they are each other’s parents end the search', async () => {
  const files = {
    ...process(10, { comm: 'mysqld', ppid: 11, rchar: 1 }),
    ...process(11, { comm: 'mysqld', ppid: 10, rchar: 1 }),
  }

  const { rows } = await newPasses({ files })()

  expect(rows.reduce((sum, { row }) => sum + row.rchar, 0)).toBe(2)
})

test('views are handed over as they are, and only what changed after that', async () => {
  let returned = 5
  const pass = newPasses({
    answer: () => ({
      views: [
        { view: 'pg_settings', rows: [{ started: 'x', block_size: 8192 }] },
        { view: 'pg_stat_database', rows: [{ datname: 'broker', tup_returned: returned }] },
        { view: 'pg_stat_statements', rows: [], missing: { code: 'not-installed', says: 'no such function' } },
      ],
    }),
  })

  const first = await pass()
  returned = 6
  const second = await pass()

  expect(first.sources).toEqual(['database:process', 'database:broker'])
  expect(first.rows.map(({ row }) => row)).toEqual([
    { server: 'broker', engine: 'postgresql', view: 'pg_settings', started: 'x', block_size: 8192 },
    { server: 'broker', engine: 'postgresql', view: 'pg_stat_database', datname: 'broker', tup_returned: 5 },
    {
      server: 'broker',
      engine: 'postgresql',
      view: 'pg_stat_statements',
      code: 'not-installed',
      why: 'no such function',
    },
  ])
  expect(second.rows).toEqual([
    {
      method: 'pg_stat_database of broker',
      holds: 'appeared',
      row: { server: 'broker', engine: 'postgresql', view: 'pg_stat_database', datname: 'broker', tup_returned: 6 },
    },
  ])
})

test('a server that does not let the account in is failed, with the statements that would', async () => {
  const { states, rows } = await newPasses({ answer: () => ({ code: 'login-refused', says: 'no such role' }) })()

  expect(rows).toEqual([])
  expect(states).toEqual([
    {
      ...{ source: 'database:broker', state: 'failed', why: 'login-refused: no such role' },
      fix: expect.stringContaining('CREATE ROLE tidewaiter'),
    },
  ])
})

test('an account for the engine, or the end of its server, takes back that there is none', async () => {
  const files: Record<string, string> = process(10, { comm: 'postgres', ppid: 1, rchar: 1 })
  const asked = await newPasses({ files, answer: () => ({ views: [] }) })()
  const pass = newPasses({ files })
  const before = await pass()
  for (const path of Object.keys(files)) delete files[path]
  const after = await pass()

  const source = 'database:postgresql-without-account'
  expect([asked.gone.includes(source), before.gone.includes(source), after.gone.includes(source)]).toEqual([
    ...[true, false, true],
  ])
  expect(after.rows).toMatchObject([{ holds: 'ended', row: { pid: 10 } }])
})

test('a machine without a server says so with an empty pass', async () => {
  const { sources, rows, states } = await newPasses({})()

  expect([sources, rows, states]).toEqual([['database:process'], [], []])
})
