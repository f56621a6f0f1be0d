import type { DatabaseSync } from 'node:sqlite'
import { most } from './room.ts'

/** Small numbers that stand for hosts and sources, given in the order in which the ledger first names them. */
export interface Numbers {
  /** @param id as record ids name it: with `~<8 hex>` on a branch of a fork */
  host(id: string): number
  /** Sources are numbered over all hosts. Those of a host beyond the ones that are told apart have one number. */
  source(host: number, id: string): number
  /** True for the number of sources that are not told apart. */
  isRest(source: number): boolean
  /** The transaction was given up, and with it the numbers it gave. */
  forget(): void
}

/** Id of the sources of a host that are not told apart. */
export const restOfSources = 'agent:more-sources'

/** What is kept in mind; beyond it is asked for again. */
const mostKnown = 100_000

/** @param table `host` or `value_host`; sources have numbers only beside `host` */
export function openNumbers(db: DatabaseSync, table: 'host' | 'value_host'): Numbers {
  const hosts = numbersOf(db, { table, named: 'id' })
  const sources = table === 'host' ? openSources(db) : undefined
  return {
    host: (id) => hosts.of(id, [id]),
    source: (host, id) => sources?.of(host, id) ?? 0,
    isRest: (source) => sources?.isRest(source) ?? false,
    forget() {
      hosts.forget()
      sources?.forget()
    },
  }
}

function openSources(db: DatabaseSync) {
  const numbers = numbersOf(db, { table: 'source', named: 'host, id' })
  const count = db.prepare('select count(*) as sources from source where host = ?')
  /** Numbers given to each host, and those of the rest. */
  const given = new Map<number, number>()
  const rest = new Set<number>()
  const restOf = (host: number): number => {
    const number = numbers.of(`${host} ${restOfSources}`, [host, restOfSources])
    rest.add(number)
    return number
  }
  return {
    of(host: number, id: string): number {
      if (id === restOfSources) return restOf(host)
      const before = numbers.find(`${host} ${id}`, [host, id])
      if (before !== undefined) return before
      const sources = given.get(host) ?? Number(count.get(host)?.sources)
      if (sources >= most.sources) return restOf(host)
      given.set(host, sources + 1)
      return numbers.of(`${host} ${id}`, [host, id])
    },
    isRest: (source: number) => rest.has(source),
    forget() {
      numbers.forget()
      given.clear()
      rest.clear()
    },
  }
}

function numbersOf(db: DatabaseSync, { table, named }: { table: string; named: string }) {
  const where = named.replaceAll(/\w+/g, '$& = ?').replace(',', ' and')
  const select = db.prepare(`select no from ${table} where ${where}`)
  const insert = db.prepare(`insert into ${table} (${named}) values (${named.replaceAll(/\w+/g, '?')})`)
  const known = new Map<string, number>()
  const know = (key: string, number: number): number => {
    if (known.size >= mostKnown) known.clear()
    known.set(key, number)
    return number
  }
  const find = (key: string, parameters: readonly (string | number)[]): number | undefined => {
    const found = known.get(key) ?? select.get(...parameters)?.no
    return found === undefined ? undefined : know(key, Number(found))
  }
  return {
    find,
    of: (key: string, parameters: readonly (string | number)[]): number =>
      find(key, parameters) ?? know(key, Number(insert.run(...parameters).lastInsertRowid)),
    forget: () => known.clear(),
  }
}
