import { setTimeout as wait } from 'node:timers/promises'
import type { EventQuery } from '@tidewaiter/protocol/api'
import { firstLooks } from './first-look.ts'
import type { Index, Windows } from './index-port.ts'
import { type Life, openLife } from './life.ts'
import type { IndexOptions } from './options.ts'
import { openPrivacy } from './private-numbers.ts'
import { absencesOf } from './read/absences.ts'
import { type Asked, readQuery } from './read/asking.ts'
import { countEvents, datasetsOf } from './read/counts.ts'
import { parseCursor } from './read/cursor.ts'
import { type Documents, openDocuments } from './read/documents.ts'
import { eventsOfRecord } from './read/events-of.ts'
import { mostMs } from './read/handles.ts'
import { histogramOf } from './read/histogram.ts'
import { coverageOfAll, coverageOfHost } from './read/host-coverage.ts'
import { countLeftOut } from './read/left-out.ts'
import type { Names } from './read/names.ts'
import { readBackOf } from './read/read-back.ts'
import { scopeOf } from './read/scope.ts'
import { searchEvents } from './read/search.ts'
import { countByIndicator, sightingsById, sightingsOf } from './read/sightings.ts'
import { sweepOf } from './read/sweep.ts'

const mostNew = 200_000
/** A sweep waits this long for what is in the ledger and not yet in the index; the rest is said in its answer. */
const sweepWaitMs = 30_000
const pauseMs = 50

/**
 * Opens the index of a data folder: two writer processes that read the ledger behind the console, and the reading of
 * what they have written.
 */
export async function openIndex(options: IndexOptions): Promise<Index & Pick<Life, 'pids'>> {
  const { keys, ledger, mostNewValues = mostNew } = options
  const life = await openLife({ ...options, mostNewValues })
  const documents = openDocuments({ ledger, indexKey: keys.indexKey })
  /** Resolves when what the ledger held when it was asked is read, or the time is over. */
  const caughtUp = async (mostWaitMs: number) => {
    const size = ledger.size()
    const until = Date.now() + mostWaitMs
    while (life.asOf() < size && Date.now() < until) await wait(pauseMs)
  }
  return {
    ...searching(options, life, documents),
    ...known(options, life, caughtUp),
    asOf: life.asOf,
    windows: onceReady(life),
    onIndexed: life.listen,
    watch: life.watch,
    async reindex() {
      await life.rebuild()
      await caughtUp(Number.POSITIVE_INFINITY)
    },
    pids: life.pids,
    async close() {
      await life.close()
      await documents.close()
    },
  }
}

/** The engine waits as readers do while the index is made again. */
function onceReady({ ready, windows }: Life): Windows {
  const then =
    <Asked extends unknown[], Answer>(ask: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked) => {
      await ready()
      return ask(...asked)
    }
  return {
    dirty: then(windows.dirty),
    measure: then(windows.measure),
    judged: then(windows.judged),
    datasetsOf: then(windows.datasetsOf),
  }
}

/** How far the index is, and the names of that time: first the one, then the other, so that they are never behind it. */
async function readState(life: Life): Promise<{ asOf: number; names: Names }> {
  await life.ready()
  const asOf = life.asOf()
  return { asOf, names: await life.names.now() }
}

function searching(
  { keys, store, ledger, now }: IndexOptions,
  life: Life,
  documents: Documents,
): Pick<Index, 'search' | 'histogram' | 'scope' | 'eventsOf'> {
  const { handles } = life
  const privacy = openPrivacy(keys.indexKey)
  const about = (names: Names) => ({ handles, ledger, documents, names, endsAtMs: Date.now() + mostMs })
  const read = async (query: EventQuery) => {
    const cursor = query.after === undefined ? undefined : parseCursor(query.after)
    const { asOf, names } = await readState(life)
    const asked = readQuery(query, { names, privacy, nowMs: now(), asOf: Math.min(cursor?.asOf ?? asOf, asOf) })
    return { names, cursor, asked: cursor === undefined ? asked : withSpanOf(asked, cursor) }
  }
  const scope = ({ host }: EventQuery, asked: Asked) =>
    scopeOf({ handles, store, nowMs: now(), ...(host !== undefined && { host }) }, asked)
  return {
    async search(query) {
      const { names, cursor, asked } = await read(query)
      return searchEvents(about(names), asked, query, cursor)
    },
    async histogram(query) {
      const { names, asked } = await read(query)
      const counts = await histogramOf({ ...about(names), nowMs: now() }, asked)
      return { ...counts, coverage: await scope(query, asked) }
    },
    async scope(query) {
      return scope(query, (await read(query)).asked)
    },
    async eventsOf(record) {
      const { asOf, names } = await readState(life)
      return eventsOfRecord(about(names), record, asOf)
    },
  }
}

type Known =
  | 'coverage'
  | 'sightingsById'
  | 'coverageOfAll'
  | 'readBack'
  | 'absences'
  | 'datasets'
  | 'leftOut'
  | 'counts'
  | 'sightings'
  | 'sightingsByIndicator'
  | 'indicatorsChanged'
  | 'sweep'

/** What the writers keep beside the events. */
function known(
  { store, ledger, now }: IndexOptions,
  life: Life,
  caughtUp: (mostWaitMs: number) => Promise<void>,
): Pick<Index, Known> {
  const { handles } = life
  return {
    async coverage(host, standing) {
      await life.ready()
      return coverageOfHost({ handles, store, ledger, nowMs: now() }, host, standing)
    },
    async coverageOfAll() {
      await life.ready()
      return coverageOfAll({ handles, store, ledger, nowMs: now() })
    },
    async readBack(host, { coverage, ...time }) {
      const { asOf, names } = await readState(life)
      return readBackOf({ handles, names, asOf }, host, { firsts: firstLooks(coverage), ...time })
    },
    async absences(host) {
      await life.ready()
      return absencesOf(handles, host)
    },
    async datasets(host) {
      const { names } = await readState(life)
      return datasetsOf(handles, names, host)
    },
    async leftOut() {
      await life.ready()
      return countLeftOut(handles)
    },
    async counts() {
      await life.ready()
      return { events: await countEvents(handles), perSecond: life.perSecond() }
    },
    async sightings(query) {
      const { names } = await readState(life)
      return sightingsOf({ handles, store, ledger, names }, query)
    },
    async sightingsById(ids) {
      const { names } = await readState(life)
      return sightingsById({ handles, store, ledger, names }, ids)
    },
    async sightingsByIndicator() {
      await life.ready()
      return countByIndicator(handles)
    },
    async indicatorsChanged() {
      await life.ready()
      await life.syncIndicators()
    },
    async sweep(indicators) {
      await life.ready()
      await life.syncIndicators()
      await caughtUp(sweepWaitMs)
      const { asOf, names } = await readState(life)
      return sweepOf({ handles, store, ledger, names, nowMs: now(), asOf, size: ledger.size() }, indicators)
    },
  }
}

/** Further pages see the span of the first: `-2h` would have moved on. */
function withSpanOf(
  { fromMs: _from, toMs: _to, ...asked }: Asked,
  { fromMs, toMs }: { fromMs?: number; toMs?: number },
): Asked {
  return { ...asked, ...(fromMs !== undefined && { fromMs }), ...(toMs !== undefined && { toMs }) }
}
