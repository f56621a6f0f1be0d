import { setPriority } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import { loadSecrets } from '../../keys/secrets.ts'
import { openLedgerReader } from '../../ledger/reader.ts'
import { files } from '../layout.ts'
import type { News, Order, WriterArgument } from '../messages.ts'
import { openPrivacy, type Privacy } from '../private-numbers.ts'
import { openAtWork } from './at-work.ts'
import { isDamaged, sqliteCodeOf } from './database.ts'
import { type Earlier, openEarlier } from './earlier.ts'
import { exits, type WriterName } from './exits.ts'
import type { Indexing } from './indexing.ts'
import { lockWriter } from './lock.ts'
import { step } from './step.ts'

export interface Made<I extends Indexing> {
  indexing: I
  /** What is told after a transaction. */
  news(): Omit<Extract<News, { type: 'indexed' }>, 'type' | 'cursor'>
  obey(order: Order): void
  /** Work beside the ledger, in small parts; false when there is none. */
  aside?(): boolean
  counts?(): { indicators: number; ended: number }
}

export interface Tools {
  argument: WriterArgument
  privacy: Privacy
  earlier: Earlier
  tell(news: News): void
}

/** Longest time without looking into the ledger, should word of a new batch be lost. */
const longestSleepMs = 5000
/** Far below what answers people and takes batches: reading on may wait, evidence on a host may not. */
const niceness = 15

/** A writer as a process: it reads the ledger from its cursor on until it is told to stop, or its console is gone. */
export async function runWriter<I extends Indexing>(name: WriterName, make: (tools: Tools) => Made<I>): Promise<void> {
  // Given by `startWriter`, which is the only one to start this process.
  const argument = JSON.parse(process.argv[2] ?? '') as WriterArgument
  const { dir, ledgerDir, keysDir, suspects, leftOut } = argument
  setPriority(niceness)
  const unlock = lockWriter(files.lock(dir, name))
  const { masterKey, indexKey } = loadSecrets(keysDir)
  const reader = openLedgerReader(ledgerDir, masterKey)
  const atWork = openAtWork(files.atWork(dir, name))
  const tell = (news: News) => {
    // A console that is gone is told nothing; `disconnect` says so.
    if (process.connected) process.send?.(news)
  }
  const { indexing, news, obey, aside, counts } = make({
    argument,
    privacy: openPrivacy(indexKey),
    earlier: openEarlier(reader),
    tell,
  })
  const bell = listen(obey)
  tell({ type: 'ready', cursor: indexing.cursor(), ...(counts?.() ?? { indicators: 0, ended: 0 }) })

  const marks = leftOut.map((position) => ({ position, code: 'batch-skipped', says: diedOf }))
  const options = {
    reader,
    indexing,
    atWork,
    leftOut: new Map(marks.map((mark) => [mark.position, mark])),
    suspects: new Set(suspects),
  }
  while (!bell.isStopped()) {
    const before = indexing.cursor()
    const isBusy = step(options)
    const isBusyAside = aside?.() ?? false
    if (!isBusy && !isBusyAside) await bell.wait(longestSleepMs)
    else {
      // What a transaction brought that was given up is asked for too, and forgotten.
      const what = news()
      if (indexing.cursor() > before || what.sightings > 0)
        tell({ type: 'indexed', cursor: indexing.cursor(), ...what })
      await turn()
    }
  }
  atWork.close()
  indexing.close()
  reader.close()
  unlock()
}

const diedOf = 'Reading this batch ended its writer, twice.'

/** Ends the process in the way that tells its console what to do. */
export function endWriter(error: unknown): never {
  const isOfDisk = sqliteCodeOf(error) !== undefined
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(isDamaged(error) ? exits.damaged : isOfDisk ? exits.disk : 1)
}

/** Hears the console: orders are obeyed between two transactions. */
function listen(obey: (order: Order) => void) {
  let isStopped = false
  let isRung = false
  let ring = () => {}
  const stop = () => {
    isStopped = true
    ring()
  }
  process.on('message', (order: Order) => {
    isRung = true
    if (order.type === 'stop') isStopped = true
    else if (order.type !== 'wake') obey(order)
    ring()
  })
  process.on('disconnect', stop)
  // Ctrl+C reaches every process of the terminal; the console says when to end.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', stop)
  return {
    isStopped: () => isStopped,
    async wait(ms: number): Promise<void> {
      if (!isRung && !isStopped)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          ring = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      isRung = false
      ring = () => {}
    },
  }
}
