import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { parseHeader } from '@tidewaiter/protocol'
import { cleaner } from '../clean.ts'
import { files, placeOf } from '../layout.ts'
import type { IndicatorRow } from '../messages.ts'
import { eachValue } from '../observables.ts'
import type { Privacy } from '../private-numbers.ts'
import { embeddedSchema } from '../schema.ts'
import { openForWriting, readCursor, writeCursor } from './database.ts'
import { decodeOne, hostIdOf, type Opened } from './decode-one.ts'
import { chunksOf, type Earlier } from './earlier.ts'
import { wordsMaker } from './event-words.ts'
import { newGathering } from './gathering.ts'
import type { Indexing, LedgerBatch } from './indexing.ts'
import { type Indicators, openIndicators } from './indicators.ts'
import { openMarks } from './marks.ts'
import { type Numbers, openNumbers } from './numbers.ts'
import { openObserved } from './observed.ts'
import { corrected, timesReader } from './row.ts'
import { openStates } from './states.ts'
import { openTextDay } from './text-day.ts'

export interface ValuesOptions {
  dir: string
  privacy: Privacy
  earlier: Earlier
  mostNewValues: number
  /** Told of every batch that was read. */
  read(host: string, events: number): void
  /** Told that a batch was left out. */
  marked(): void
}

interface Aside {
  putIndicators(rows: readonly IndicatorRow[]): void
  /** One transaction of matching new indicators with what is held. False when none are left. */
  matchSome(): boolean
  counts(): { indicators: number; ended: number }
  takeFound(): number
}

export interface ValuesIndexing extends Indexing, Aside {}

/** Words of events, values seen with first and last time, and what indicators met of them. It follows the events writer. */
export function openValuesIndexing(options: ValuesOptions): ValuesIndexing {
  const { dir, earlier, read, marked } = options
  const main = openForWriting(files.values(dir), embeddedSchema.values, 64)
  const { numbers, states, marks, indicators, observed, text, ahead } = openParts(main, options)
  const gathering = newGathering(cleaner(options.privacy))
  const toWords = wordsMaker(options.privacy)
  const times = timesReader()
  let cursor = readCursor(main, 'value_cursor')
  let day = ''
  return {
    cursor: () => cursor,
    bound: ahead.position,
    begin(name) {
      day = name
      main.exec('begin immediate')
      if (name !== '') text.begin(name)
    },
    add(batch) {
      if (ahead.leftOut(batch.entry.position)) return 0
      const opened = open(batch, numbers)
      const { entry, header, host } = opened
      const offsetMs = header.clockOffset?.ms ?? 0
      const events = decodeOne(opened, {
        states,
        earlier,
        take({ id, made, position, record }) {
          const { hostAtMs, precisionMs } = times(made, entry.receivedAtMs)
          const at = corrected(hostAtMs, offsetMs, precisionMs)
          gathering.at({ host, at, place: placeOf(position, record) })
          const addresses: string[] = []
          eachValue(made.event, (type, raw) => {
            for (const value of gathering.add(type, raw)) if (value.type === 'ip') addresses.push(value.key)
          })
          text.insert(id, toWords(made.event, addresses))
        },
      })
      read(entry.host, events)
      return events
    },
    mark(mark) {
      marks.add(mark)
      marked()
    },
    commit(position) {
      text.commit(position)
      observed.save(gathering.take(), day)
      states.save()
      writeCursor(main, 'value_cursor', position)
      main.exec('commit')
      cursor = position
    },
    rollback() {
      text.rollback()
      if (main.isTransaction) main.exec('rollback')
      gathering.take()
      for (const part of [numbers, states, observed, indicators]) part.forget()
    },
    ...openAside(main, indicators),
    close() {
      ahead.close()
      text.close()
      main.close()
    },
  }
}

function openParts(main: DatabaseSync, { dir, mostNewValues: mostNew }: ValuesOptions) {
  const indicators = openIndicators(main)
  const numbers = openNumbers(main, 'value_host')
  return {
    numbers,
    states: openStates(main, 'value_state'),
    marks: openMarks(main, 'value_mark'),
    indicators,
    observed: openObserved(main, { mostNew, ownOf: numbers.ownOf, isNew: indicators.meet }),
    text: openTextDay(dir),
    ahead: openAhead(dir),
  }
}

/** What is done beside the ledger, each in a transaction of its own. */
function openAside(main: DatabaseSync, indicators: Indicators): Aside {
  const transact = <Result>(act: () => Result): Result => {
    main.exec('begin immediate')
    try {
      const result = act()
      main.exec('commit')
      return result
    } catch (error) {
      if (main.isTransaction) main.exec('rollback')
      indicators.forget()
      throw error
    }
  }
  return {
    putIndicators: (rows) => transact(() => indicators.put(rows)),
    matchSome: () => transact(indicators.matchSome),
    counts: indicators.counts,
    takeFound: indicators.takeFound,
  }
}

function open(batch: LedgerBatch, numbers: Numbers): Opened {
  const { entry } = batch
  const header = parseHeader(entry.headerBytes)
  return { entry, header, chunks: chunksOf(batch), hostId: hostIdOf(entry), host: numbers.chain(entry, header) }
}

/** How far the events writer is, and what it left out: it has found the root of every batch it let in. */
function openAhead(dir: string) {
  let db: DatabaseSync | undefined
  const opened = () => {
    db ??= openWhenMade(files.events(dir))
    return db
  }
  return {
    position: (): number => Number(opened()?.prepare('select position from event_cursor').get()?.position ?? 0),
    leftOut: (position: number): boolean =>
      opened()?.prepare('select 1 from event_mark where position = ?').get(position) !== undefined,
    close: () => db?.close(),
  }
}

/** Undefined while its writer, which starts at the same time, has not made its tables. */
function openWhenMade(file: string): DatabaseSync | undefined {
  if (!existsSync(file)) return undefined
  const db = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
  if (db.prepare("select 1 from sqlite_schema where name = 'event_mark'").get() !== undefined) return db
  db.close()
  return undefined
}
