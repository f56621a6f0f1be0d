import type { DatabaseSync } from 'node:sqlite'
import { type Header, isOfAgent, mostPauseMs, type Position, type SourceSpan } from '@tidewaiter/protocol'
import { leastPauseMs } from '../pause.ts'
import { openHeld, type Unheld } from './held.ts'
import { type Losses, openLosses, type SourceOf } from './losses.ts'
import { missingBetween } from './missing-between.ts'
import type { Numbers } from './numbers.ts'
import { openProgress, type Progress, type ProgressRows } from './progress.ts'
import { most, openRoom, type Room } from './room.ts'
import { corrected } from './row.ts'
import { openSnapshots } from './snapshots.ts'

/** What is known of each source, batch by batch (`evidence.md` 2). */
export interface Spans {
  /**
   * @param snapshots sources of this batch whose positions count passes, not records
   * @param isBranch it is on a second branch of a fork, which has its beginning on the first
   */
  add(host: number, header: Header, snapshots: ReadonlySet<string>, isBranch?: boolean): void
  /**
   * A batch that is held and of which no record could be read.
   * @param isBelieved its header is: what its sources gave is lost, and counted
   */
  leaveOut(host: number, header: Header, of: { isBranch: boolean; isBelieved: boolean }): void
  save(): void
  forget(): void
}

export function openSpans(db: DatabaseSync, numbers: Numbers): Spans {
  const room = openRoom(db, numbers.ownOf)
  const rows = openProgress(db)
  const losses = openLosses(db, room)
  const parts = { room, rows, losses }
  const held = openHeld(db)
  const passes = openSnapshots(db)
  /** Returns the span of the hole before it, where there is one that is told apart. */
  const addNamed = (named: Named, unheld: Unheld | undefined): number | undefined => {
    const { source, times, counts } = named
    if (numbers.isRest(source)) {
      losses.add(named, { ...times, lost: null, why: tooMany })
      return undefined
    }
    if (unheld !== undefined && rows.of(source) === undefined)
      losses.add(named, { fromMs: unheld.sinceMs, toMs: times.fromMs, lost: null, why: unheld.why })
    if (!counts) passes.add(source)
    return add(parts, named)
  }
  const addLosses = (host: number, header: Header, holes: ReadonlyMap<number, number>) => {
    for (const { source: id, count, cause, from, to } of header.lost) {
      const source = numbers.source(host, id)
      const loss = extentOf({ from, to, clockOffset: header.clockOffset })
      losses.add({ host, source }, { ...loss, lost: count, why: cause }, holes.get(source))
    }
  }
  return {
    add(host, header, snapshots, isBranch = false) {
      const times = extentOf(header)
      const unheld = held.add(host, { seq: header.seq, ...times, isBranch })
      const holes = new Map<number, number>()
      for (const span of header.sources) {
        const source = numbers.source(host, span.id)
        const named = { host, source, span, times, mayBeSlow: mayBeSlow(span), counts: !snapshots.has(span.id) }
        const hole = addNamed(named, unheld)
        if (hole !== undefined) holes.set(source, hole)
      }
      addLosses(host, header, holes)
    },
    leaveOut(host, header, { isBranch, isBelieved }) {
      const times = extentOf(header)
      const unheld = held.add(host, { seq: header.seq, ...times, isBranch })
      if (!isBelieved) return
      for (const span of header.sources) {
        const source = numbers.source(host, span.id)
        const counts = !passes.has(source)
        const empty = { ...span, count: 0 }
        addNamed({ host, source, span: empty, times, mayBeSlow: mayBeSlow(span), counts }, unheld)
        if (span.count > 0) losses.add({ host, source }, { ...times, lost: span.count, why: doesNotOpen })
      }
      addLosses(host, header, new Map())
    },
    save() {
      rows.save()
      held.save()
    },
    forget() {
      rows.forget()
      room.forget()
      held.forget()
      passes.forget()
    },
  }
}

const tooMany = `This host names more than ${most.sources} sources, or its chain has more than ${most.branches} branches: what is covered of the others is not told apart, and does not count as covered.`

const doesNotOpen =
  'The console holds these records and cannot open them: their batches are damaged on its disk, or their key is gone.'

function mayBeSlow({ id, first }: SourceSpan): boolean {
  return isNumber(first) && !isOfAgent(id) && mostPauseMs(id) === undefined
}

interface Times {
  fromMs: number
  toMs: number
}

/** By the console's clock. */
function extentOf({ from, to, clockOffset }: Pick<Header, 'from' | 'to' | 'clockOffset'>): Times {
  const offsetMs = clockOffset?.ms ?? 0
  const [fromMs, toMs] = [corrected(Date.parse(from), offsetMs, 1), corrected(Date.parse(to), offsetMs, 1)]
  return { fromMs: Math.min(fromMs, toMs), toMs }
}

/** A source named in a batch. */
interface Named extends SourceOf {
  span: SourceSpan
  times: Times
  /**
   * Its positions are those of passes, as far as that can be seen: a snapshot may pause for twice its own period. A
   * stream is named every minute while its collector is alive, and one that is away again and again has no period. Of a
   * known snapshot the period is known.
   */
  mayBeSlow: boolean
  /** Positions that are numbers are those of records. */
  counts: boolean
}

interface Parts {
  room: Room
  rows: ProgressRows
  losses: Losses
}

function add({ room, rows, losses }: Parts, named: Named): number | undefined {
  const { host, source, span, times } = named
  const progress = rows.of(source)
  if (progress?.next === JSON.stringify(span.first)) {
    goOn({ room, rows, losses }, progress, named)
    return undefined
  }
  const isFull = room.isFull(host)
  const hole = progress === undefined ? undefined : losses.addHole(named, holeOf(progress, named))
  if (progress !== undefined && isFull)
    rows.extend(progress, { next: span.next, records: span.count, toMs: times.toMs })
  else {
    rows.begin(source, { next: span.next, records: span.count, ...times })
    room.take(host)
  }
  return hole
}

/**
 * The positions join. So does the time, unless the source was away for longer than it may be: then a new span begins.
 * When the same pause comes twice it is the period of a snapshot, and no pause.
 */
function goOn({ room, rows, losses }: Parts, progress: Progress, named: Named): void {
  const { host, source, span, times, mayBeSlow } = named
  const intervalMs = Math.max(times.toMs - progress.toMs, 0)
  const isAlive = intervalMs <= Math.max(leastPauseMs, mayBeSlow ? 2 * (progress.periodMs ?? 0) : 0)
  const { pause } = progress
  const isUsual = mayBeSlow && pause !== undefined && pause.ms <= 2 * intervalMs && intervalMs <= 2 * pause.ms
  if (pause !== undefined && isUsual) rows.join(progress, pause.before)
  const isFull = room.isFull(host)
  if (isAlive || isUsual || isFull) {
    // A pause that is not told apart is not covered either.
    if (!isAlive && !isUsual) losses.add(named, { fromMs: progress.toMs, toMs: times.fromMs, lost: null, why: pauses })
    rows.extend(progress, { next: span.next, records: span.count, toMs: times.toMs })
    progress.periodMs = intervalMs
    progress.pause = undefined
  } else {
    const { span: before, periodMs } = progress
    rows.begin(source, { next: span.next, records: span.count, ...times, periodMs, pause: { before, ms: intervalMs } })
    room.take(host)
  }
}

const pauses = 'It was away again and again, more often than is told apart of one host.'

/** Records between two positions, where they are numbers of records of one count. */
function holeOf({ next, toMs }: Progress, { span, times, counts }: Named) {
  // Written from a header.
  const before = JSON.parse(next) as Position
  const missing = counts ? distance(before, span.first) : 0
  const what = missingBetween(before, span.first, counts)
  return { fromMs: toMs, toMs: Math.max(times.fromMs, toMs), lost: missing > 0 ? missing : null, what }
}

function isNumber(position: Position): boolean {
  return 'number' in position
}

/** 0 where the positions are no numbers, or start again with the boot. */
function distance(a: Position, b: Position): number {
  return 'number' in a && 'number' in b && a.bootId === b.bootId ? b.number - a.number : 0
}
