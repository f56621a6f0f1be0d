import type { DatabaseSync } from 'node:sqlite'
import { type Header, openBatch, parseHeader, Refusal, toHex } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Entry } from '../../ledger/ledger.ts'
import { cleaner } from '../clean.ts'
import { files } from '../layout.ts'
import type { Privacy } from '../private-numbers.ts'
import { embeddedSchema } from '../schema.ts'
import { openAbsences } from './absences.ts'
import { openCounters } from './counters.ts'
import { openForWriting, readCursor, writeCursor } from './database.ts'
import { openDay } from './day.ts'
import { decodeOne, hostIdOf, type Opened, type Placed } from './decode-one.ts'
import { type DetectorWindows, type Judged, openDirty } from './dirty.ts'
import type { Earlier } from './earlier.ts'
import { openIllSources } from './ill-sources.ts'
import type { Indexing, LedgerBatch, Mark } from './indexing.ts'
import { type Marks, openMarks } from './marks.ts'
import { type Numbers, openNumbers } from './numbers.ts'
import * as row from './row.ts'
import { openSpans, type Spans } from './spans.ts'
import { openStates } from './states.ts'

export interface EventsOptions {
  dir: string
  privacy: Privacy
  detectors: readonly DetectorWindows[]
  earlier: Earlier
  /** Told of every event that is put in, with its row. */
  put(batch: Opened, placed: Placed, row: readonly row.Value[]): void
  /** Told that a batch was left out. */
  marked(): void
}

export interface EventsIndexing extends Indexing {
  /** Takes marks away from windows that were judged. */
  clear(judged: readonly Judged[]): void
}

/** Events with what is searched of them, what is covered of each source, and which windows must be judged again. */
export function openEventsIndexing(options: EventsOptions): EventsIndexing {
  const { dir, privacy, earlier, put, marked } = options
  const main = openForWriting(files.events(dir), embeddedSchema.events, 16)
  const { numbers, states, marks, spans, absences, ill, counters, dirty, day } = openParts(main, options)
  const toRow = row.rowMaker(cleaner(privacy))
  let cursor = readCursor(main, 'event_cursor')
  let last = { host: 0, id: '', source: 0 }

  const putIn = (batch: Opened, placed: Placed) => {
    const { entry, header, host } = batch
    const { source: id } = placed.made
    // Most events are of the same source as the one before.
    if (id !== last.id || host !== last.host) last = { host, id, source: numbers.source(host, id) }
    const { source } = last
    const clock = { offsetMs: header.clockOffset?.ms ?? 0, receivedAtMs: entry.receivedAtMs }
    const values = toRow(placed.made, { ...placed, host, source, ...clock })
    day.insert(placed.id, values)
    const about = aboutOf(values)
    counters.add(host, about)
    dirty.add(host, about)
    if (id === 'agent:run') {
      absences.add(host, placed.made.event, clock)
      ill.add(host, placed.made.event, clock)
    }
    put(batch, placed, values)
  }
  const mark = (why: Mark) => {
    leaveOut(why, { numbers, spans, marks })
    marked()
  }
  return {
    cursor: () => cursor,
    begin(name) {
      main.exec('begin immediate')
      if (name !== '') day.begin(name, cursor)
    },
    add(batch) {
      const opened = open(batch, numbers)
      if (!('host' in opened)) {
        mark(opened)
        return 0
      }
      const events = decodeOne(opened, { states, earlier, take: (placed) => putIn(opened, placed) })
      spans.add(opened.host, opened.header, besideOf(opened))
      return events
    },
    mark,
    commit(position) {
      // The day first: what is visible is only what the main file says.
      const name = day.commit(position)
      if (name !== undefined) counters.save(name)
      spans.save()
      states.save()
      dirty.save(position)
      writeCursor(main, 'event_cursor', position)
      main.exec('commit')
      cursor = position
    },
    rollback() {
      day.rollback()
      if (main.isTransaction) main.exec('rollback')
      for (const part of [numbers, states, spans, ill, counters, dirty]) part.forget()
      last = { host: 0, id: '', source: 0 }
    },
    clear(judged) {
      main.exec('begin immediate')
      dirty.clear(judged)
      main.exec('commit')
    },
    close() {
      day.close()
      main.close()
    },
  }
}

function openParts(main: DatabaseSync, { dir, detectors }: EventsOptions) {
  const numbers = openNumbers(main, 'host')
  return {
    numbers,
    states: openStates(main, 'event_state'),
    marks: openMarks(main, 'event_mark'),
    spans: openSpans(main, numbers),
    absences: openAbsences(main),
    ill: openIllSources(main, numbers),
    counters: openCounters(main),
    dirty: openDirty(main, detectors),
    day: openDay(dir, main),
  }
}

function besideOf({ entry: { receivedAtMs, branch }, chunks }: Opened): Parameters<Spans['add']>[2] {
  const snapshots = chunks.filter(({ head }) => head.pass !== undefined).map(({ head }) => head.source)
  return { receivedAtMs, snapshots: new Set(snapshots), isBranch: branch !== null }
}

function aboutOf(values: readonly row.Value[]) {
  return {
    dataset: String(values[row.dataset]),
    category: String(values[row.category]),
    at: Number(values[row.at]),
  }
}

/** The batch with its records, or why it has none that are the host's: a root that does not match was a lie. */
function open({ entry, payload }: LedgerBatch, numbers: Numbers): Opened | Mark {
  try {
    const header = parseHeader(entry.headerBytes)
    const { chunks } = openBatch(nodePrimitives, { header, payload })
    return { entry, header, chunks, hostId: hostIdOf(entry), host: numbers.chain(entry, header) }
  } catch (error) {
    if (error instanceof Refusal) return { position: entry.position, code: error.code, says: error.says, entry }
    throw error
  }
}

/** A batch that is left out is held all the same. The header of one of which only the payload does not open is believed. */
function leaveOut(mark: Mark, { numbers, spans, marks }: { numbers: Numbers; spans: Spans; marks: Marks }): void {
  const { entry, code } = mark
  marks.add(mark)
  if (entry === undefined) return
  const header = headerOf(entry)
  if (header === undefined) return
  const { receivedAtMs, branch } = entry
  const isBelieved = code === 'payload-unreadable'
  spans.leaveOut(numbers.chain(entry, header), header, { receivedAtMs, isBranch: branch !== null, isBelieved })
}

/** Undefined where it is damaged, too. */
function headerOf({ headerBytes, headerHash }: Entry): Header | undefined {
  try {
    return toHex(nodePrimitives.sha256(headerBytes)) === headerHash ? parseHeader(headerBytes) : undefined
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
