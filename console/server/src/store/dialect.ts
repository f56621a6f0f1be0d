import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { refuse } from '../error.ts'
import { isDiskFull } from '../ledger/disk.ts'
import type { Sqlite, Value } from './sqlite.ts'

/** Kysely on one `Sqlite` handle. A transaction holds the handle alone: other queries wait for it. */
export function sqliteDialect(database: Sqlite): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver(database),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

function driver(database: Sqlite): Driver {
  let free = Promise.resolve()
  const releases = new WeakMap<DatabaseConnection, () => void>()
  return {
    init: async () => undefined,
    acquireConnection: async () => {
      const before = free
      const { promise, resolve } = Promise.withResolvers<void>()
      free = promise
      await before
      const connection = connect(database)
      releases.set(connection, resolve)
      return connection
    },
    beginTransaction: () => database.exec('BEGIN IMMEDIATE').catch(named),
    commitTransaction: () => database.exec('COMMIT').catch(named),
    // On a full disk SQLite has done so by itself and fails here: what counts is the error before.
    rollbackTransaction: () => database.exec('ROLLBACK').catch(() => undefined),
    releaseConnection: async (connection) => releases.get(connection)?.(),
    destroy: () => database.close(),
  }
}

function connect(database: Sqlite): DatabaseConnection {
  return {
    executeQuery: async ({ sql, parameters, query }) => {
      // Kysely types parameters as unknown; `Sqlite` refuses what it cannot bind.
      const values = parameters as readonly Value[]
      if (query.kind === 'SelectQueryNode' || /\breturning\b|^\s*(select|with|pragma)/i.test(sql))
        return { rows: await database.all<never>(sql, values).catch(named) }
      const { changes, lastId } = await database.run(sql, values).catch(named)
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastId) }
    },
    streamQuery: () => {
      throw new Error('streaming is not used: page with a keyset')
    },
  }
}

/** Throws `disk-full` for what a full volume gives, and everything else as it is. */
function named(cause: unknown): never {
  if (isDiskFull(cause))
    throw refuse('disk-full', 'The volume of the data folder is full: nothing was kept.', { cause })
  throw cause
}
