import type { DatabaseSync } from 'node:sqlite'
import type { Header } from '@tidewaiter/protocol'
import type { Entry } from '../../ledger/ledger.ts'
import { most } from './room.ts'

/** Small numbers that stand for chains of hosts and for sources, given in the order in which the ledger first names them. */
export interface Numbers {
  /** A host, by its id. */
  host(id: string): number
  /**
   * The chain in which a batch stands. Batches of a branch that follow one another have one number, though record ids
   * name each by its own hash; so have all branches of a host beyond the ones that are told apart.
   */
  chain(entry: Pick<Entry, 'host' | 'branch' | 'headerHash'>, header: Pick<Header, 'prev'>): number
  /** Number of the host to which a chain belongs: it and its branches have one allowance. */
  ownOf(chain: number): number
  /** Sources are numbered over all chains. Those of a host beyond the ones that are told apart have one number in each. */
  source(chain: number, id: string): number
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
  const chains = openChains(db, table)
  const sources = table === 'host' ? openSources(db, chains) : undefined
  return {
    host: chains.host,
    chain: ({ host, branch, headerHash }, { prev }) =>
      branch === null ? chains.host(host) : chains.branch({ host, branch, headerHash, prev }),
    ownOf: chains.ownOf,
    source: (chain, id) => sources?.of(chain, id) ?? 0,
    isRest: (source) => sources?.isRest(source) ?? false,
    forget() {
      chains.forget()
      sources?.forget()
    },
  }
}

/** Behind the id of a host: its branches that are not told apart. */
const more = '~more'

interface BranchBatch {
  host: string
  branch: string
  headerHash: string
  prev: string | null
}

interface Chains {
  host(id: string): number
  branch(batch: BranchBatch): number
  ownOf(chain: number): number
  /** True for the branches of a host that are not told apart. */
  isMore(chain: number): boolean
  forget(): void
}

function openChains(db: DatabaseSync, table: 'host' | 'value_host'): Chains {
  const numbers = numbersOf(db, { table, named: 'id' })
  const follow = db.prepare(`update ${table} set tip = ?3 where beside = ?1 and tip = ?2 returning no`)
  const count = db.prepare(`select count(*) as branches from ${table} where beside = ?`)
  const select = db.prepare(`select id, beside from ${table} where no = ?`)
  const begin = db.prepare(`update ${table} set beside = ?, tip = ? where no = ?`)
  const known = new Map<number, { own: number; isMore: boolean }>()
  const of = (chain: number) => {
    const row = known.has(chain) ? undefined : select.get(chain)
    const found = known.get(chain) ?? { own: Number(row?.beside ?? chain), isMore: String(row?.id).endsWith(more) }
    if (known.size >= mostKnown) known.clear()
    known.set(chain, found)
    return found
  }
  const beginBranch = (own: number, id: string, tip: string | null): number => {
    const number = numbers.of(id, [id])
    begin.run(own, tip, number)
    known.delete(number)
    return number
  }
  const host = (id: string) => numbers.of(id, [id])
  return {
    host,
    branch({ host: hostId, branch, headerHash, prev }) {
      const own = host(hostId)
      const followed = prev === null ? undefined : follow.get(own, prev, headerHash)
      if (followed !== undefined) return Number(followed.no)
      const id = `${hostId}~${branch}`
      // A name is 32 bits of a hash: two branches of one name can be made on purpose.
      const isApart = Number(count.get(own)?.branches) < most.branches && numbers.find(id, [id]) === undefined
      return isApart ? beginBranch(own, id, headerHash) : beginBranch(own, `${hostId}${more}`, null)
    },
    ownOf: (chain) => of(chain).own,
    isMore: (chain) => of(chain).isMore,
    forget() {
      numbers.forget()
      known.clear()
    },
  }
}

function openSources(db: DatabaseSync, { ownOf, isMore }: Chains) {
  const numbers = numbersOf(db, { table: 'source', named: 'host, id' })
  const count = db.prepare(
    `select count(*) as sources from host join source on source.host = host.no
     where (host.no = ?1 or beside = ?1) and source.id <> '${restOfSources}'`,
  )
  /** Numbers given to each host, and those of the rest. */
  const given = new Map<number, number>()
  const rest = new Set<number>()
  const restOf = (chain: number): number => {
    const number = numbers.of(`${chain} ${restOfSources}`, [chain, restOfSources])
    rest.add(number)
    return number
  }
  return {
    of(chain: number, id: string): number {
      if (id === restOfSources || isMore(chain)) return restOf(chain)
      const before = numbers.find(`${chain} ${id}`, [chain, id])
      if (before !== undefined) return before
      const own = ownOf(chain)
      const sources = given.get(own) ?? Number(count.get(own)?.sources)
      if (sources >= most.sources) return restOf(chain)
      given.set(own, sources + 1)
      return numbers.of(`${chain} ${id}`, [chain, id])
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
