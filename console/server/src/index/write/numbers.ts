import type { DatabaseSync } from 'node:sqlite'

/** Small numbers that stand for hosts and sources, given in the order in which the ledger first names them. */
export interface Numbers {
  /** @param id as record ids name it: with `~<8 hex>` on a branch of a fork */
  host(id: string): number
  /** Sources are numbered over all hosts. */
  source(host: number, id: string): number
  /** The transaction was given up, and with it the numbers it gave. */
  forget(): void
}

/** @param table `host` or `value_host`; sources have numbers only beside `host` */
export function openNumbers(db: DatabaseSync, table: 'host' | 'value_host'): Numbers {
  const hosts = numbersOf(db, { table, named: 'id' })
  const sources = table === 'host' ? numbersOf(db, { table: 'source', named: 'host, id' }) : undefined
  return {
    host: (id) => hosts.of(id, [id]),
    source: (host, id) => sources?.of(`${host} ${id}`, [host, id]) ?? 0,
    forget() {
      hosts.forget()
      sources?.forget()
    },
  }
}

function numbersOf(db: DatabaseSync, { table, named }: { table: string; named: string }) {
  const where = named.replaceAll(/\w+/g, '$& = ?').replace(',', ' and')
  const select = db.prepare(`select no from ${table} where ${where}`)
  const insert = db.prepare(`insert into ${table} (${named}) values (${named.replaceAll(/\w+/g, '?')})`)
  const known = new Map<string, number>()
  return {
    of(key: string, parameters: readonly (string | number)[]): number {
      const before = known.get(key)
      if (before !== undefined) return before
      const found = select.get(...parameters)?.no
      const number = Number(found ?? insert.run(...parameters).lastInsertRowid)
      known.set(key, number)
      return number
    },
    forget: () => known.clear(),
  }
}
