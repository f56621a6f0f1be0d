import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
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
    beginTransaction: async () => database.exec('BEGIN IMMEDIATE'),
    commitTransaction: async () => database.exec('COMMIT'),
    rollbackTransaction: async () => database.exec('ROLLBACK'),
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
        return { rows: await database.all(sql, values) }
      const { changes, lastId } = await database.run(sql, values)
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastId) }
    },
    streamQuery: () => {
      throw new Error('streaming is not used: page with a keyset')
    },
  }
}
