import sqlite3 from 'sqlite3'

export type Value = string | number | null | Uint8Array

/** One SQLite file through the `sqlite3` package: its work runs on the thread pool, statements run one after the other. */
export interface Sqlite {
  all<Row>(sql: string, parameters?: readonly Value[]): Promise<Row[]>
  run(sql: string, parameters?: readonly Value[]): Promise<{ changes: number; lastId: number }>
  /** Several statements without parameters. */
  exec(sql: string): Promise<void>
  /** Stops the statement that is running; its promise fails. */
  interrupt(): void
  close(): Promise<void>
}

/**
 * Opens a file, or `:memory:`. Two traps of the package are closed here: a BigInt would be stored as NULL, and a
 * statement that fails without a callback ends the process.
 */
export async function openSqlite(
  file: string,
  { readOnly = false, busyMs = 10_000 }: { readOnly?: boolean; busyMs?: number } = {},
): Promise<Sqlite> {
  const mode = readOnly ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(file, mode, (error) =>
      error === null ? resolve(opened) : reject(error),
    )
  })
  database.configure('busyTimeout', busyMs)
  return {
    all: <Row>(sql: string, parameters: readonly Value[] = []) =>
      new Promise<Row[]>((resolve, reject) =>
        database.all<Row>(sql, bound(parameters), (error, rows) => (error === null ? resolve(rows) : reject(error))),
      ),
    run: (sql, parameters = []) =>
      new Promise((resolve, reject) =>
        database.run(sql, bound(parameters), function (error) {
          if (error === null) resolve({ changes: this.changes, lastId: this.lastID })
          else reject(error)
        }),
      ),
    exec: (sql) =>
      new Promise((resolve, reject) => database.exec(sql, (error) => (error === null ? resolve() : reject(error)))),
    interrupt: () => database.interrupt(),
    close: () =>
      new Promise((resolve, reject) => database.close((error) => (error === null ? resolve() : reject(error)))),
  }
}

function bound(parameters: readonly Value[]): Value[] {
  for (const value of parameters)
    if (typeof value === 'bigint' || value === undefined) throw new TypeError('SQLite would store NULL for this value')
  return [...parameters]
}
