import { isOfAgent } from '@tidewaiter/protocol'
import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { leastPauseMs } from '../pause.ts'
import { type Extent, firstBeyond, joined, outside } from './extents.ts'
import type { Handles } from './handles.ts'
import { restsLong, restsOf, whileAlive } from './rests.ts'
import { toTime } from './rows.ts'

interface SpanRow {
  source: string
  state: 'covered' | 'lost'
  fromMs: number
  toMs: number
  records: number
  lost: number | null
  why: string | null
}

interface ChainRow extends SpanRow {
  chain: string
  periodMs: number | null
  /** 1 for a source that is taken again and again: of the time in between nothing can be read later. */
  isSnapshot: number
}

/** A piece of time of one source. */
interface Piece extends Omit<SpanRow, 'source' | 'state'> {
  state: CoverageSpan['state']
  fix?: string
}

/** What is known of a host from its evidence alone: it ends where that ends. */
export interface Evidence {
  /** Oldest first. */
  spans: CoverageSpan[]
  /** Source -> usual time between two batches that name it, milliseconds; not there while only one did. */
  periods: ReadonlyMap<string, number>
}

/** A time in which the agent was not there, as it sealed that itself. */
interface Absent extends Extent {
  chain: string
  says: string
}

/** A time in which a source gave nothing, as its host sealed it; null while that goes on. */
interface Ill {
  chain: string
  source: string
  fromMs: number
  toMs: number | null
  state: 'not-enabled' | 'failed'
  why: string | null
  fix: string | null
}

/** `?1` is a host: its own chain and the second branches of forks (`<host>~<8 hex>`). */
export const chainsOf = "(id = ?1 or (id > ?1 || '~' and id < ?1 || '~~'))"

export async function evidenceOf(handles: Handles, host: string): Promise<Evidence> {
  const rows = await handles.events((db) =>
    db.all<ChainRow>(
      `select own.id as chain, source.id as source, span.state, from_ms as fromMs, span.to_ms as toMs, records, lost, why,
       progress.period_ms as periodMs, snapshot.source is not null as isSnapshot
       from (select no, id from host where ${chainsOf}) as own join source on source.host = own.no
       join span on span.source = source.no left join progress on progress.source = source.no
       left join snapshot on snapshot.source = source.no
       order by from_ms, span.no`,
      [host],
    ),
  )
  const periods = new Map<string, number>()
  for (const { source, periodMs } of rows)
    if (periodMs !== null) periods.set(source, Math.max(periodMs, periods.get(source) ?? 0))
  const absences = await handles.events((db) =>
    db.all<Absent>(
      `select own.id as chain, from_ms as fromMs, absence.to_ms as toMs, says
       from (select no, id from host where ${chainsOf}) as own join absence on absence.host = own.no
       where absence.to_ms > from_ms`,
      [host],
    ),
  )
  const ills = await handles.events((db) =>
    db.all<Ill>(
      `select own.id as chain, source.id as source, from_ms as fromMs, ill.to_ms as toMs, state, why, fix
       from (select no, id from host where ${chainsOf}) as own join source on source.host = own.no
       join ill on ill.source = source.no order by from_ms`,
      [host],
    ),
  )
  const told = Map.groupBy(absences, ({ chain }) => chain)
  const toldIll = Map.groupBy(ills, ({ chain }) => chain)
  // Two branches are two machines, as far as anybody knows: neither covers the other.
  const spans = [...Map.groupBy(rows, ({ chain }) => chain)].flatMap(([chain, own]) =>
    spansOfChain(chain, own, { absences: told.get(chain) ?? [], ills: toldIll.get(chain) ?? [] }),
  )
  return { spans: spans.sort((a, b) => compare(a.from, b.from) || compare(a.id, b.id)), periods }
}

function spansOfChain(
  chain: string,
  rows: readonly ChainRow[],
  { absences, ills }: { absences: readonly Absent[]; ills: readonly Ill[] },
): CoverageSpan[] {
  const illOf = Map.groupBy(ills, ({ source }) => source)
  const branch = chain.split('~')[1]
  const words = branch === undefined ? {} : { why: `On the second branch of its chain, ${branch}.` }
  const slow = new Set(rows.filter(restsLong).map(({ source }) => source))
  const quick = rows.filter(({ state, source }) => state === 'covered' && !slow.has(source))
  const alive = joined(quick.length > 0 ? quick : rows.filter(({ state }) => state === 'covered'), leastPauseMs)
  // What a slow snapshot covers it covers only while the agent is there.
  const isSlow = (source: string) => slow.has(source) && quick.length > 0
  const cut = slow.size * alive.length > mostPieces ? notTold : (row: ChainRow) => whileAlive(row, alive)
  const away = joined(
    absences.filter(({ fromMs, toMs }) => toMs - fromMs > mayRestMs),
    0,
  )
  const snapshots = new Set(rows.filter(({ isSnapshot }) => isSnapshot === 1).map(({ source }) => source))
  const isTold = away.length * snapshots.size <= mostAway
  return [...Map.groupBy(rows, ({ source }) => source)].flatMap(([id, own]) => {
    const isSnapshot = snapshots.has(id) && away.length > 0
    const apart = isSnapshot && !isTold ? apartOf(own).map(notTold) : apartOf(own)
    const rests = restsOf(id, apart, { alive, ills: illOf.get(id) ?? [] })
    const around = { alive, absences, ills: illOf.get(id) ?? [], away: [...(isSnapshot ? away : []), ...rests.ill] }
    const pieces = piecesOf(isSlow(id) ? rests.rows.flatMap(cut) : rests.rows, around)
    return pieces.filter(isToldOf(id)).map((piece) => ({ ...words, ...toSpan(id, piece) }))
  })
}

/** The agent speaks of itself when it has something to say: that it does not is no gap. */
function isToldOf(source: string): (piece: Piece) => boolean {
  return ({ state }) => !isOfAgent(source) || state === 'covered' || state === 'lost'
}

/** Pieces that slow snapshots are cut into; a host that lies about when it was there makes no more. */
const mostPieces = 200_000
/** Pauses of snapshots, each of which is looked up among what the host says of itself. */
const mostAway = 20_000

/** The quickest snapshots are taken every 10 s; a pause of twice their period is none (`evidence.md` 2). */
const mayRestMs = 20_000

/** A snapshot of a host that came and went so often that it is not told when. */
function notTold(row: ChainRow): ChainRow {
  const why = 'The agent came and went more often than is told apart: when this source was covered is not known.'
  return row.state === 'covered' ? { ...row, state: 'lost', records: 0, lost: null, why } : row
}

/** Covered spans, each from where those before it end; losses as they are. In the order of their beginnings. */
function apartOf(rows: readonly ChainRow[]): ChainRow[] {
  let endMs = Number.NEGATIVE_INFINITY
  return rows.map((row) => {
    if (row.state !== 'covered') return row
    const fromMs = Math.min(Math.max(row.fromMs, endMs), row.toMs)
    endMs = Math.max(endMs, row.toMs)
    return { ...row, fromMs }
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function toSpan(id: string, { state, fromMs, toMs, records, lost, why, fix }: Piece): CoverageSpan {
  const words = { ...(why !== null && { why }), ...(fix !== undefined && { fix }) }
  return { id, state, from: toTime(fromMs), to: toTime(toMs), records, lost, ...words }
}

/** Losses lie over what is covered; what is neither could not be reached. */
function piecesOf(rows: readonly SpanRow[], around: Around): Piece[] {
  const losses = rows.filter(({ state }) => state === 'lost')
  const lost = joined(losses, 0)
  const gone = around.away.length === 0 ? lost : joined([...losses, ...around.away], 0)
  const covered = rows.filter(({ state }) => state === 'covered').flatMap((row) => without(row, gone))
  const known: Piece[] = [...covered, ...losses].sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs)
  const pieces: Piece[] = []
  // Before its first evidence a source may have been asked, and not been enabled.
  let endMs = Math.min(known[0]?.fromMs ?? 0, around.ills[0]?.fromMs ?? Number.POSITIVE_INFINITY)
  for (const piece of known) {
    if (piece.fromMs > endMs) pieces.push(...pausesOf({ fromMs: endMs, toMs: piece.fromMs }, around))
    pieces.push(piece)
    endMs = Math.max(endMs, piece.toMs)
  }
  return pieces
}

/** A covered span in the pieces that losses and absences leave of it; its records are counted once, in the first. */
function without(row: SpanRow, gone: readonly Extent[]): Piece[] {
  // Gone over all of its length: that it gave records still has to be seen.
  const [first = { ...row, toMs: row.fromMs }, ...rest] = outside(row, gone)
  return [{ ...first, lost: 0 }, ...rest.map((piece) => ({ ...piece, lost: 0, records: 0 }))]
}

/** Times in which anything of the host was covered, and in which its agent says that it was not there. */
interface Around {
  alive: readonly Extent[]
  absences: readonly Absent[]
  /** Of the source at hand. */
  ills: readonly Ill[]
  /** When it could not be taken. */
  away: readonly Extent[]
}

/** A pause in the pieces in which the host said why the source gave nothing, and the others. */
function pausesOf(pause: Extent, around: Around): Piece[] {
  const pieces: Piece[] = []
  let { fromMs } = pause
  for (const ill of around.ills) {
    const [from, to] = [Math.max(ill.fromMs, fromMs), Math.min(ill.toMs ?? pause.toMs, pause.toMs)]
    if (from >= to) continue
    // Until a host says that a source is ill nobody has asked it again: it was then as well.
    if (from - fromMs > leastPauseMs) pieces.push(pauseOf({ fromMs, toMs: from }, around))
    pieces.push(illOf({ fromMs: pieces.at(-1)?.toMs ?? fromMs, toMs: to }, ill, around))
    fromMs = to
  }
  return fromMs < pause.toMs ? [...pieces, pauseOf({ fromMs, toMs: pause.toMs }, around)] : pieces
}

/** A host that was not there could not be asked either, whatever its source was. */
function illOf(span: Extent, { why, fix }: Ill, around: Around): Piece {
  if (!wasAlive(span, around.alive)) return pauseOf(span, around)
  return { state: 'not-enabled', ...span, records: 0, lost: null, why, ...(fix !== null && { fix }) }
}

function wasAlive({ fromMs, toMs }: Extent, alive: readonly Extent[]): boolean {
  const around = alive[firstBeyond(alive, toMs - leastPauseMs - 1)]
  return around !== undefined && around.fromMs <= fromMs + leastPauseMs
}

function pauseOf(pause: Extent, { alive, absences }: Around): Piece {
  const why =
    sealedCause(pause, absences) ??
    (wasAlive(pause, alive)
      ? 'The agent was there and did not name this source: its collector gave nothing.'
      : 'Nothing came from the agent: it did not run, or the host was off.')
  return { state: 'not-reachable', ...pause, records: 0, lost: null, why }
}

/** What the host itself says of most of a pause. */
function sealedCause(pause: Extent, absences: readonly Absent[]): string | undefined {
  const overlap = ({ fromMs, toMs }: Extent) => Math.min(toMs, pause.toMs) - Math.max(fromMs, pause.fromMs)
  let longest = absences[0]
  for (const each of absences) if (longest === undefined || overlap(each) > overlap(longest)) longest = each
  return longest !== undefined && overlap(longest) * 2 > pause.toMs - pause.fromMs ? longest.says : undefined
}
