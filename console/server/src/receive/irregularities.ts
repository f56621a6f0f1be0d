import type { Logger } from 'pino'
import type { Code } from '../error.ts'
import type { Live } from '../live.ts'
import type { Store } from '../store/store.ts'
import { openEpisodes } from './episodes.ts'

/** Something that was refused, or does not fit. `host` null where nobody known stands behind it. */
export interface Noted {
  host: string | null
  code: Code
  says: string
  seq?: number | undefined
  address: string
  /** Whom it is about, where that is no host: not everybody at one address. */
  of?: string | undefined
}

/** Nothing is refused silently: what it was is kept, by name, and shown with its host. */
export interface Irregularities {
  note(noted: Noted): void
  flush(): Promise<void>
  close(): Promise<void>
}

/** So many are kept of those nobody known stands behind. */
const mostOfStrangers = 1000
/** A second one of these is another one where it is about another batch. */
const byBatch: readonly Code[] = ['chain-fork', 'chain-gap']
/** So many of one host, or addresses of one person, are told apart in an hour. */
const mostApart = 20
const apartMs = 60 * 60_000

export function openIrregularities({
  store,
  live,
  log,
  now,
}: {
  store: Store
  live: Live
  log: Logger
  now(): number
}): Irregularities {
  const isApart = openApart(now)
  const changed = (host: string | null) => live.changed(host === null ? 'refusals' : `host:${host}`)
  const episodes = openEpisodes({
    log,
    now,
    insert: async (row: Noted & { at: string }) => {
      const { at, host, code, says, seq = null, address } = row
      const values = { at, host, code, says, seq, address }
      log.warn(values, 'irregularity')
      const { no } = await store.insertInto('irregularity').values(values).returning('no').executeTakeFirstOrThrow()
      if (host === null)
        await store
          .deleteFrom('irregularity')
          .where('host', 'is', null)
          .where('no', '<=', no - mostOfStrangers)
          .execute()
      changed(host)
      return no
    },
    update: async (no, says, { host }) => {
      await store.updateTable('irregularity').set({ says }).where('no', '=', no).execute()
      changed(host)
    },
  })
  const keyOf = ({ host, code, seq, address, of }: Noted) => {
    const whose = host ?? of ?? address
    const what = host === null ? of && address : byBatch.includes(code) ? seq : undefined
    return what !== undefined && isApart(whose, `${code} ${what}`) ? `${code} ${whose} ${what}` : `${code} ${whose}`
  }
  return {
    note: (noted) => episodes.note(keyOf(noted), { ...noted, at: new Date(now()).toISOString() }),
    flush: episodes.flush,
    close: episodes.close,
  }
}

/** True for what is told apart from the others of one: the first few of an hour, and each of them again. */
function openApart(now: () => number): (whose: string, what: string) => boolean {
  // Hosts that are enrolled and people who may sign in: nobody makes it long from outside.
  const known = new Map<string, { startMs: number; whats: Set<string> }>()
  return (whose, what) => {
    const before = known.get(whose)
    const isOver = before === undefined || now() - before.startMs > apartMs
    const { startMs, whats } = isOver ? { startMs: now(), whats: new Set<string>() } : before
    if (!whats.has(what) && whats.size >= mostApart) return false
    known.set(whose, { startMs, whats: whats.add(what) })
    return true
  }
}
