import type { Logger } from 'pino'
import type { Live } from '../live.ts'
import type { Store, Transaction } from '../store/store.ts'
import type { AttemptTable } from '../store/tables.ts'
import { openEpisodes } from './episodes.ts'

type Row = Omit<AttemptTable, 'no' | 'at'>

/** What became of each try to enrol, for whoever is watching: how far it came and, when it stopped, why. */
export interface Attempts {
  /** One that stopped. */
  failed(row: Row & { code: string; says: string }): void
  /** Part of the transaction that makes the host. */
  succeeded(tx: Transaction, row: Row): Promise<void>
  /** The first batch of this host is held: its enrolment is complete. */
  arrived(host: string): Promise<void>
  flush(): Promise<void>
  close(): Promise<void>
}

const mostRows = 5000

export function openAttempts({
  store,
  live,
  log,
  now,
}: {
  store: Store
  live: Live
  log: Logger
  now(): number
}): Attempts {
  const insert = async (on: Store, row: Row) => {
    const at = new Date(now()).toISOString()
    const { no } = await on
      .insertInto('attempt')
      .values({ ...row, at })
      .returning('no')
      .executeTakeFirstOrThrow()
    await on
      .deleteFrom('attempt')
      .where('no', '<=', no - mostRows)
      .execute()
    live.changed('enrol')
    return no
  }
  const episodes = openEpisodes({
    log,
    now,
    insert: (row: Row & { says: string }) => insert(store, row),
    update: async (no, says) => {
      await store.updateTable('attempt').set({ says }).where('no', '=', no).execute()
      live.changed('enrol')
    },
  })
  return {
    failed: (row) => episodes.note(`${row.address} ${row.token_id} ${row.name} ${row.code}`, row),
    succeeded: async (tx, row) => void (await insert(tx, row)),
    async arrived(host) {
      const change = store.updateTable('attempt').set({ step: 'first-batch' }).where('host', '=', host)
      try {
        await change.where('step', '=', 'key').execute()
        live.changed('enrol')
      } catch (cause) {
        log.warn({ err: cause }, 'the end of an enrolment could not be written down')
      }
    },
    flush: episodes.flush,
    close: episodes.close,
  }
}
