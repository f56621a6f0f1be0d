import type { DatabaseSync } from 'node:sqlite'
import { type Header, isOfAgent, mostPauseMs, type Position, type SourceSpan } from '@tidewaiter/protocol'
import { leastPauseMs } from '../pause.ts'
import { aheadOf, type Clock, heldTo } from './clock.ts'
import { openHeld, type Unheld } from './held.ts'
import { type Losses, openLosses, type SourceOf } from './losses.ts'
import { missingBetween, missingWithin } from './missing-between.ts'
import type { Numbers } from './numbers.ts'
import { openProgress, type Progress, type ProgressRows } from './progress.ts'
import { most, openRoom, type Room } from './room.ts'
import { openSnapshots } from './snapshots.ts'

/** What is known of each source, batch by batch (`evidence.md` 2). */
export interface Spans {
  /** @param beside and sources of the batch whose positions count passes, not records */
  add(host: number, header: Header, beside: Beside & { snapshots: ReadonlySet<string> }): void
  /**
   * A batch that is held and of which no record could be read.
   * @param beside and whether its header is believed: then what its sources gave is lost, and counted
   */
  leaveOut(host: number, header: Header, beside: Beside & { isBelieved: boolean }): void
  save(): void
  forget(): void
}

/** What a header does not say. */
export interface Beside {
  /** When the console had the batch. */
  receivedAtMs: number
  /** It is on a second branch of a fork, which has its beginning on the first. */
  isBranch?: boolean
}

export function openSpans(db: DatabaseSync, numbers: Numbers): Spans {
  const room = openRoom(db, numbers.ownOf)
  const rows = openProgress(db)
  const losses = openLosses(db, room)
  const parts = { room, rows, losses }
  const held = openHeld(db)
  const passes = openSnapshots(db)
  /** Returns the span of the hole before it, where there is one that is told apart. */
  const addNamed = (named: Named, unheld: Unheld | undefined, isRead = true): number | undefined => {
    const { source, times, counts } = named
    if (numbers.isRest(source)) {
      losses.add(named, { ...times, lost: null, why: tooMany })
      return undefined
    }
    if (unheld !== undefined && rows.of(source) === undefined)
      losses.add(named, { fromMs: unheld.sinceMs, toMs: times.fromMs, lost: null, why: unheld.why })
    if (!counts) passes.add(source)
    const sinceMs = rows.of(source)?.toMs ?? times.fromMs
    // Of a batch that does not open the header alone tells how many records there were.
    return add(parts, named) ?? (isRead ? addSkipped(parts, named, sinceMs) : undefined)
  }
  const addLosses = (
    host: number,
    { lost }: Header,
    { clock, holes }: { clock: Clock; holes: Map<number, number> },
  ) => {
    for (const { source: id, count, cause, from, to } of lost) {
      const source = numbers.source(host, id)
      const loss = { ...extentOf({ from, to }, clock), lost: count, why: cause }
      const explained = losses.add({ host, source }, loss, holes.get(source))
      rows.ownUp(source, (count ?? explained) - explained)
    }
  }
  return {
    add(host, header, { receivedAtMs, snapshots, isBranch = false }) {
      const clock = clockOf(header, receivedAtMs)
      const [times, ahead] = [extentOf(header, clock), aheadOf(clock, header.to)]
      const unheld = held.add(host, { seq: header.seq, ...times, isBranch })
      const holes = new Map<number, number>()
      for (const span of header.sources) {
        const source = numbers.source(host, span.id)
        const counts = !snapshots.has(span.id)
        const hole = addNamed({ host, source, span, times, ahead, mayBeSlow: mayBeSlow(span), counts }, unheld)
        if (hole !== undefined) holes.set(source, hole)
      }
      addLosses(host, header, { clock, holes })
    },
    leaveOut(host, header, { receivedAtMs, isBranch = false, isBelieved }) {
      const clock = clockOf(header, receivedAtMs)
      const [times, ahead] = [extentOf(header, clock), aheadOf(clock, header.to)]
      const unheld = held.add(host, { seq: header.seq, ...times, isBranch })
      if (!isBelieved) return
      for (const span of header.sources) {
        const source = numbers.source(host, span.id)
        const counts = !passes.has(source)
        const empty = { ...span, count: 0 }
        addNamed({ host, source, span: empty, times, ahead, mayBeSlow: mayBeSlow(span), counts }, unheld, false)
        if (span.count > 0) losses.add({ host, source }, { ...times, lost: span.count, why: doesNotOpen })
      }
      addLosses(host, header, { clock, holes: new Map() })
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

function clockOf({ clockOffset }: Header, receivedAtMs: number): Clock {
  return { offsetMs: clockOffset?.ms ?? 0, receivedAtMs }
}

interface Times {
  fromMs: number
  toMs: number
}

/** By the console's clock. */
function extentOf({ from, to }: Pick<Header, 'from' | 'to'>, clock: Clock): Times {
  const [fromMs, toMs] = [heldTo(clock, Date.parse(from)), heldTo(clock, Date.parse(to))]
  return { fromMs: Math.min(fromMs, toMs), toMs }
}

/** A source named in a batch. */
interface Named extends SourceOf {
  span: SourceSpan
  times: Times
  /** Says so where its batch is dated to a time that was still to come. */
  ahead: string | undefined
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
  const { host, source, span, times, ahead } = named
  const progress = rows.of(source)
  const extent = { next: span.next, records: span.count, ahead }
  if (progress?.next === JSON.stringify(span.first)) {
    goOn({ room, rows, losses }, progress, named)
    return undefined
  }
  const isFull = room.isFull(host)
  const hole = progress === undefined ? undefined : losses.addHole(named, holeOf(progress, named))
  if (progress !== undefined && isFull) rows.extend(progress, { ...extent, toMs: times.toMs })
  else {
    rows.begin(source, { ...extent, ...times })
    room.take(host)
  }
  return hole
}

/**
 * The positions join. So does the time, unless the source was away for longer than it may be: then a new span begins.
 * When the same pause comes twice it is the period of a snapshot, and no pause. A new span begins also where the time
 * goes back: the clock was ahead before, and what was sealed then would cover what came since.
 */
function goOn({ room, rows, losses }: Parts, progress: Progress, named: Named): void {
  const { host, source, span, times, ahead, mayBeSlow } = named
  const extent = { next: span.next, records: span.count, ahead }
  const isBack = progress.toMs - times.toMs > leastPauseMs
  const intervalMs = Math.max(times.toMs - progress.toMs, 0)
  const isAlive = intervalMs <= Math.max(leastPauseMs, mayBeSlow ? 2 * (progress.periodMs ?? 0) : 0)
  const { pause } = progress
  const isUsual = mayBeSlow && pause !== undefined && pause.ms <= 2 * intervalMs && intervalMs <= 2 * pause.ms
  if (pause !== undefined && isUsual) rows.join(progress, pause.before)
  const isFull = room.isFull(host)
  if (isBack && !isFull) {
    rows.begin(source, { ...extent, ...times, periodMs: progress.periodMs })
    room.take(host)
  } else if (isAlive || isUsual || isFull) {
    // A pause that is not told apart is not covered either.
    if (!isAlive && !isUsual) losses.add(named, { fromMs: progress.toMs, toMs: times.fromMs, lost: null, why: pauses })
    rows.extend(progress, { ...extent, toMs: times.toMs })
    progress.periodMs = intervalMs
    progress.pause = undefined
  } else {
    const { span: before, periodMs } = progress
    rows.begin(source, { ...extent, ...times, periodMs, pause: { before, ms: intervalMs } })
    room.take(host)
  }
}

/**
 * The positions move on by more than the batch has records: those in between are missing, as far as the host did not own
 * up to as many before. Returns the span of that hole, where there is one that is told apart.
 */
function addSkipped({ rows, losses }: Parts, named: Named, sinceMs: number): number | undefined {
  const { source, span, times, counts } = named
  const isOfRecords = counts && (span.count > 0 || numbersRecords(span.id))
  const skipped = isOfRecords ? Math.max(distance(span.first, span.next) - span.count, 0) : 0
  if (skipped === 0) return undefined
  const excused = Math.min(rows.of(source)?.ownedUp ?? 0, skipped)
  rows.ownUp(source, -excused)
  if (excused === skipped) return undefined
  const lost = skipped - excused
  return losses.addHole(named, { fromMs: sinceMs, toMs: times.toMs, lost, what: missingWithin(span, lost) })
}

/** Its numbers are always those of records (`evidence.md` 2). Where others have no records it may be an empty pass. */
function numbersRecords(id: string): boolean {
  return isOfAgent(id) || id.startsWith('event-log:')
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
