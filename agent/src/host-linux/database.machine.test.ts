import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { DatabaseServer } from '@tidewaiter/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isServerMissing, type RunningServer, startMariadb, startPostgres } from '../database-servers.fixture.ts'
import type { DatabaseAnswer } from '../host.ts'
import { newDatabaseReader } from './database.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-password-'))
const passwordFile = join(folder, 'password')
writeFileSync(passwordFile, 'secret-one\n', { mode: 0o600 })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = newDatabaseReader(undefined)
const asked = (server: DatabaseServer) => read(server, new AbortController().signal)

function rowsOf(answer: DatabaseAnswer, view: string) {
  if ('code' in answer) throw new Error(`${answer.code}: ${answer.says}`)
  return answer.views.find((each) => each.view === view)?.rows ?? []
}

describe.skipIf(isServerMissing('postgres'))('PostgreSQL', () => {
  let running: RunningServer
  const server = (more: Partial<DatabaseServer> = {}): DatabaseServer => ({
    ...{
      name: 'broker',
      engine: 'postgresql',
      socket: running.socket,
      port: running.tls.port,
      user: 'tidewaiter',
      passwordFile,
      database: 'broker',
    },
    ...more,
  })
  beforeAll(async () => {
    running = await startPostgres()
    running.sql('CREATE TABLE importer AS SELECT id FROM generate_series(1, 5000) id')
  })
  afterAll(() => running.stop())

  test('counts rows that were read, by database, table and account, and gives no text of a statement', async () => {
    const before = rowsOf(await asked(server()), 'pg_stat_user_tables')
    running.sql('CREATE ROLE thief; GRANT SELECT ON importer TO thief; SET ROLE thief; SELECT * FROM importer')
    const answer = await asked(server())

    expect(rowsOf(answer, 'pg_settings')).toMatchObject([{ block_size: 8192, datname: 'broker' }])
    expect(rowsOf(answer, 'pg_stat_user_tables')).toMatchObject([
      { datname: 'broker', relname: 'importer', seq_tup_read: Number(before[0]?.seq_tup_read) + 5000 },
    ])
    expect(rowsOf(answer, 'pg_stat_statements')).toContainEqual(
      expect.objectContaining({ rolname: 'thief', rows: 5000 }),
    )
    expect(rowsOf(answer, 'pg_stat_database')).toContainEqual(
      expect.objectContaining({
        datname: 'broker',
        tup_returned: expect.any(Number),
        blks_read: expect.any(Number),
        block_size: 8192,
      }),
    )
    expect(JSON.stringify(answer)).not.toMatch(/SELECT|secret-one/)
  })

  test('what is missing of a view is named, and the others are there', async () => {
    const answer = await asked(server({ database: 'postgres' }))

    if ('code' in answer) throw new Error(answer.says)
    expect(answer.views.find(({ view }) => view === 'pg_stat_statements')?.missing?.code).toBe('not-installed')
    expect(rowsOf(answer, 'pg_stat_database').length).toBeGreaterThan(2)
  })

  test('a wrong password, no password and no server are told apart', async () => {
    const wrong = join(folder, 'wrong')
    writeFileSync(wrong, 'other\n', { mode: 0o600 })
    const { passwordFile: _, ...without } = server()

    expect(await asked(server({ passwordFile: wrong }))).toMatchObject({ code: 'login-refused' })
    expect(await asked(without)).toMatchObject({ code: expect.stringMatching(/^(login-refused|answer-malformed)$/) })
    expect(await asked(server({ socket: folder }))).toMatchObject({ code: 'not-reachable' })
  })

  test('over TLS it must be certified by the authority that is named, for the name that is asked', async () => {
    const { socket: _, ...rest } = server()
    const overTls = (host: string, caFile = running.tls.caFile) =>
      asked({ ...rest, host, port: running.tls.port, caFile })
    const other = join(folder, 'other.pem')
    writeFileSync(other, rootCertificates[0] ?? '')

    expect(await overTls('localhost')).toHaveProperty('views')
    expect(await overTls('127.0.0.1')).toMatchObject({ code: 'tls-refused' })
    expect(await overTls('localhost', other)).toMatchObject({ code: 'tls-refused' })
  })
})

describe.skipIf(isServerMissing('mariadb'))('MariaDB', () => {
  let running: RunningServer
  const server = (): DatabaseServer => ({
    ...{ name: 'broker', engine: 'mysql', socket: running.socket, user: 'tidewaiter', passwordFile },
  })
  beforeAll(async () => {
    running = await startMariadb()
    running.sql('CREATE DATABASE broker; USE broker; CREATE TABLE importer AS SELECT seq AS id FROM seq_1_to_5000')
  })
  afterAll(() => running.stop())

  test('counts rows that were read, in all and by account', async () => {
    const before = rowsOf(await asked(server()), 'SHOW GLOBAL STATUS')[0]
    running.sql('CREATE USER thief@localhost; GRANT SELECT ON broker.* TO thief@localhost')
    running.sql('SELECT count(id), max(id) FROM broker.importer')
    const answer = await asked(server())

    const after = rowsOf(answer, 'SHOW GLOBAL STATUS')[0]
    expect(Number(after?.Rows_read) - Number(before?.Rows_read)).toBeGreaterThanOrEqual(5000)
    const root = rowsOf(answer, 'user_statistics').find(({ USER }) => USER === 'root')
    expect(root?.ROWS_READ).toBeGreaterThanOrEqual(5000)
    expect(JSON.stringify(answer)).not.toMatch(/secret-one/)
  })

  test('a restart shows in its uptime', async () => {
    await running.restart()

    expect(rowsOf(await asked(server()), 'SHOW GLOBAL STATUS')[0]?.Uptime).toBeLessThan(120)
  })

  test('over TLS it must be certified by the authority that is named, for the name that is asked', async () => {
    const { socket: _, ...rest } = server()
    const overTls = (host: string, caFile = running.tls.caFile) =>
      asked({ ...rest, host, port: running.tls.port, caFile })
    const other = join(folder, 'other.pem')
    writeFileSync(other, rootCertificates[0] ?? '')

    expect(await overTls('localhost')).toHaveProperty('views')
    expect(await overTls('127.0.0.1')).toMatchObject({ code: 'tls-refused' })
    expect(await overTls('localhost', other)).toMatchObject({ code: 'tls-refused' })
  })
})

test('a password that everybody may read is not used, nor one that is none', async () => {
  const open = join(folder, 'open')
  writeFileSync(open, 'secret-two\n')
  chmodSync(open, 0o644)
  const server = { name: 'broker', engine: 'postgresql', host: '127.0.0.1', port: 1, user: 'x' } as const

  for (const passwordFile of [open, join(folder, 'missing'), folder, '/dev/zero'])
    expect(await asked({ ...server, passwordFile })).toMatchObject({
      code: 'password-file-broken',
      says: expect.stringContaining(passwordFile),
    })
})
