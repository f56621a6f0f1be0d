import { Kysely, type Transaction as KyselyTransaction, PostgresDialect } from 'kysely'
import { type MigrationProvider, Migrator } from 'kysely/migration'
import pg from 'pg'
import { sqliteDialect } from './dialect.ts'
import { migrationsFor, postgresTypes, sqliteTypes } from './migrations.ts'
import { openSqlite } from './sqlite.ts'
import type { Tables } from './tables.ts'

/** What people and hosts are, decide and record: everything but the ledger and its index. */
export type Store = Kysely<Tables>

/** The store inside a transaction: what is written through it is there altogether or not at all. */
export type Transaction = KyselyTransaction<Tables>

/**
 * Opens `console.db` (embedded) or a PostgreSQL database and brings its tables up to date, or to an earlier change of
 * them: what an earlier version saved fits those alone.
 */
export async function openStore(where: { file: string } | { url: string }, upTo?: string): Promise<Store> {
  const store = 'file' in where ? await openEmbedded(where.file) : openPostgres(where.url)
  const types = 'file' in where ? sqliteTypes : postgresTypes
  const provider: MigrationProvider = { getMigrations: async () => migrationsFor(types) }
  const migrator = new Migrator({ db: store, provider })
  const { error } = upTo === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(upTo)
  if (error !== undefined) {
    await store.destroy()
    throw error
  }
  return store
}

async function openEmbedded(file: string): Promise<Store> {
  const database = await openSqlite(file)
  await database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  return new Kysely<Tables>({ dialect: sqliteDialect(database) })
}

function openPostgres(url: string): Store {
  // int8 comes as text by default; every bigint here is a count or a time far below 2^53.
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === 20 ? Number : pg.types.getTypeParser(oid, format as 'text'),
  }
  const pool = new pg.Pool({ connectionString: url, max: 10, types })
  // The server ended a connection nobody used, as it does when it restarts: the next query opens another one.
  pool.on('error', () => undefined)
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}
