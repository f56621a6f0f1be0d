import type { Chunk, Position } from '@tidewaiter/protocol'
import { type BackfillPlace, moved } from '../backfill.ts'
import type { History, Missed, Records, Taken } from '../collectors/collector.ts'
import type { FileStat, OpenFile, Unreadable } from '../host.ts'
import { type FilePosition, isFilePosition } from './file-mark.ts'
import { findAgain, findCopy, findNew, findPredecessor } from './find.ts'
import { planHistory } from './history-plan.ts'
import { isInflated } from './inflate.ts'
import { onlyNewest } from './newest.ts'
import { type Predecessor, toPredecessor } from './predecessor.ts'
import { isSameFile, type KnownFiles, knownOf, type Left, openRotated, rotatedOf, versionOf } from './rotated.ts'
import { passedOver, standingOf } from './standing.ts'
import { quietMs, type Successor, successorOf } from './successor.ts'
import { type Reading, stepBytes, Trail } from './trail.ts'

/** So often a source that gives nothing says that it is alive. */
const aliveMs = 10_000

export interface Following {
  path: string
  reading: Reading
  /** Where the source stood when it was last handed over. */
  position: Position | undefined
  predecessor: Predecessor | undefined
  /** When that was, milliseconds since 1970; undefined where nobody knows. */
  seenAtMs?: number | undefined
  /** Left out: what was rotated before the first look is not read. */
  history?: History | undefined
  /** Of a file that is longer only its end is read. */
  newestBytes?: number | undefined
  /** Called when an open file changed. */
  changed(): void
}

/**
 * Follows what is written under one name, over rotations by renaming, copying or removing. A file is told by device,
 * inode and beginning, never by its name; it stays open when it is renamed, and is left when it was read to its end and
 * its successor has something in it.
 */
export class Follower {
  readonly #following: Following
  #from: FilePosition | undefined
  #predecessor: Predecessor | undefined
  #trail: Trail | undefined
  /** The file before, to which a program may still write that has not noticed the rotation. */
  #late: Trail | undefined
  /** The file that was removed and left: what changed after it is new, also where it was renamed before it was seen. */
  #left: Left | undefined
  /** Rotated files that were there when the one at hand was begun. */
  #known: KnownFiles | undefined
  /** While it reads what its file held when it was first looked into. */
  #backfill: BackfillPlace['told'] | undefined
  /** Rotated files that cannot be opened, said to be lost as they are. */
  #passedOver = new Set<string>()
  /** A file that is gone is said once, though it is looked for until there is one again: its volume may come back. */
  #isLossSaid = false
  #unwatch = () => {}
  #saidAtMs = Number.NEGATIVE_INFINITY

  constructor(following: Following) {
    this.#following = following
    this.#from = isFilePosition(following.position) ? following.position : undefined
    this.#predecessor = following.predecessor
    const told = following.history?.placeOf(following.reading.source)?.backfill.told
    this.#backfill = told?.finishedAt === null ? told : undefined
  }

  /** What it reads was there before: it can wait for what is new. */
  get isBackfilling(): boolean {
    return this.#backfill !== undefined
  }

  /** Says that it is alive while it waits. */
  *wait(): Generator<Taken> {
    if (this.#trail !== undefined && this.#isSilent()) yield this.#records([], this.#trail)
  }

  /** So long nothing came to what it has read to its end, milliseconds; undefined while there is more to read. */
  get restMs(): number | undefined {
    const open = [this.#trail, this.#late].filter((each) => each !== undefined)
    if (this.isBackfilling || !open.every(({ isAtEnd }) => isAtEnd)) return undefined
    return Math.min(...open.map(({ quietMs }) => quietMs))
  }

  /** Hands over one piece of what is there. True when there is more. */
  async *look(): AsyncGenerator<Taken, boolean> {
    const trail = this.#trail ?? (yield* this.#begin())
    if (trail === undefined) return false
    const lateHasMore = yield* this.#lookAtLate(trail)
    return (yield* this.#lookAt(trail)) || lateHasMore
  }

  async *#lookAt(trail: Trail): AsyncGenerator<Taken, boolean> {
    // First the names, then the file: a program that was seen to write to the next file writes to this one no more.
    const named = await this.#host.stat(this.#following.path)
    const isRotated = named === undefined || !isSameFile(named, trail.stat)
    const next = isRotated ? await this.#successorOf(trail, named) : undefined
    const got = await trail.next({ isLast: next?.isDue === true, isRotated })
    if (got === 'cut-off') return yield* this.#recover(trail)
    if (got !== 'nothing') yield this.#records([got], trail)
    if (next?.isDue === true) return got === 'nothing' || trail.isAtEnd ? yield* this.#goOn(trail) : true
    if (got !== 'nothing') return trail.hasMore
    // A removed file keeps its room on the disk for as long as it is open.
    if (named === undefined && trail.stat.links === 0 && trail.quietMs >= quietMs) await this.#leave(trail)
    else if (this.#isSilent()) yield this.#records([], trail)
    return false
  }

  async close(): Promise<void> {
    this.#unwatch()
    await this.#trail?.close()
    await this.#late?.close()
  }

  get #host() {
    return this.#following.reading.host
  }

  async *#begin(): AsyncGenerator<Taken, Trail | undefined> {
    const { path, reading, seenAtMs } = this.#following
    const from = this.#from
    const found =
      from === undefined
        ? await onlyNewest(await findNew(this.#host, path, this.#left), this.#following)
        : await findAgain(this.#host, path, { position: from, predecessor: this.#predecessor, seenAtMs })
    const isGone = found === 'missing' && from !== undefined
    const lost = isGone
      ? 'the file was removed while nobody followed it'
      : typeof found === 'string'
        ? undefined
        : found.lost
    if (lost !== undefined && !this.#isLossSaid) {
      this.#isLossSaid = true
      yield this.#missed(lost)
    }
    if (typeof found === 'string') return yield* this.#stand(found)
    this.#isLossSaid = false
    const trail = this.#setOut(found.file, await Trail.open(found.file, reading, found.offset))
    this.#known = knownOf(await rotatedOf(this.#host, path))
    if (from === undefined && this.#left === undefined && found.offset === 0) yield* this.#beginBackfill(found.file)
    yield* this.#beginLate(trail, lost !== undefined)
    return trail
  }

  /** The first look: what was rotated before is a source of its own, so that what is new does not wait for it. */
  async *#beginBackfill(file: OpenFile): AsyncGenerator<Taken, void> {
    const { path, reading, history } = this.#following
    if (history === undefined) return
    const stat = await file.stat()
    yield* planHistory({ host: this.#host, path, source: reading.source, history, followed: stat })
    if (stat.size > stepBytes) this.#backfill = { unit: 'byte', done: 0, total: stat.size, finishedAt: null }
  }

  /** @param isLossSaid what came before the file that is followed is lost already, with all that is older */
  async *#beginLate({ stat }: Trail, isLossSaid: boolean): AsyncGenerator<Taken, void> {
    const { path, reading } = this.#following
    const predecessor = this.#predecessor
    if (predecessor === undefined) return
    this.#predecessor = undefined
    const found = await findPredecessor(this.#host, path, { predecessor, followed: stat })
    if (found === 'gone' && !isLossSaid)
      yield this.#missed('the file before was removed or compressed while a program could still write to it')
    if (typeof found !== 'string') this.#late = await Trail.open(found.file, reading, found.offset)
  }

  #setOut(file: OpenFile, trail: Trail): Trail {
    this.#unwatch()
    this.#unwatch = file.onChange(this.#following.changed)
    this.#trail = trail
    return trail
  }

  async #successorOf(trail: Trail, named: FileStat | undefined): Promise<Successor | undefined> {
    const { path } = this.#following
    const all = await rotatedOf(this.#host, path)
    this.#passedOver = new Set(all.map(versionOf).filter((each) => this.#passedOver.has(each)))
    const rotated = all.filter((each) => !this.#passedOver.has(versionOf(each)))
    return successorOf(this.#host, { path, rotated, trail, named, known: this.#known })
  }

  /** The old file was read to its end: from here on the next one is followed. */
  async *#goOn(trail: Trail): AsyncGenerator<Taken, boolean> {
    yield* this.#drainLate(trail)
    // Looked for anew: while what came before was handed over, another file may have got the name, and even the inode.
    const next = await this.#successorOf(trail, await this.#host.stat(this.#following.path))
    if (next === undefined) return true
    const file = await openRotated(this.#host, next)
    if (typeof file === 'string') return yield* this.#passOver(trail, { next, why: file })
    if (!isSameFile(await file.stat(), next.stat)) {
      await file.close()
      return true
    }
    await this.#late?.close()
    this.#late = undefined
    if (isInflated(trail.file)) {
      // Nobody writes to what is compressed.
      const failure = trail.file.failure()
      if (failure !== undefined) yield this.#missed(failure.says)
      await trail.close()
    } else this.#late = trail
    this.#setOut(file, await Trail.open(file, this.#following.reading))
    this.#known = next.known
    if (next.skipped) yield this.#missed('files that were rotated are compressed in a way that is not read')
    return true
  }

  /** What cannot be opened must not keep what comes after it from being read. True when there may be more. */
  async *#passOver(trail: Trail, { next, why }: { next: Successor; why: Unreadable }): AsyncGenerator<Taken, boolean> {
    // Renamed again in this very moment: the next look finds it.
    if (why === 'missing') return true
    // The log itself comes again, and what fails may be opened another time.
    if (next.path === this.#following.path || (why === 'failed' && trail.quietMs < quietMs)) {
      yield* this.#stand(why)
      return false
    }
    this.#passedOver.add(versionOf(next))
    yield this.#missed(passedOver(next.path, why))
    return true
  }

  /**
   * The file was emptied under us. What had not been read stands in the copy that `copytruncate` makes first; without
   * one it is gone, and nobody knows how much it was.
   */
  async *#recover(trail: Trail): AsyncGenerator<Taken, boolean> {
    const { path, reading } = this.#following
    const { position } = trail
    const copy = await findCopy(this.#host, path, position)
    if (copy === undefined) {
      yield this.#missed('the file was emptied or rewritten, and there is no copy of it')
      this.#trail = await Trail.open(trail.file, reading)
    } else {
      this.#setOut(copy, await Trail.open(copy, reading, position.offset))
      await trail.close()
    }
    return true
  }

  /** What still comes to the file before. The position is that of the file that is followed now. */
  async *#lookAtLate(trail: Trail): AsyncGenerator<Taken, boolean> {
    const late = this.#late
    if (late === undefined) return false
    const wasRead = late.isAtEnd
    const got = await late.next({ isRotated: true })
    if (typeof got !== 'string') yield this.#records([got], trail)
    else if (got === 'cut-off' || (late.stat.links === 0 && late.quietMs >= quietMs)) {
      this.#late = undefined
      await late.close()
      if (got === 'cut-off' && !wasRead)
        yield this.#missed('the rotated file was emptied or rewritten before it was read to its end')
      return false
    }
    return late.hasMore
  }

  /** Only one file before is kept open: what another one holds until now is read before it is left. */
  async *#drainLate(trail: Trail): AsyncGenerator<Taken, void> {
    const late = this.#late
    if (late === undefined) return
    // Who writes to it all the time must not keep the next file from being read.
    const { size } = await late.file.stat()
    while (late.position.offset < size) {
      const got = await late.next({ isLast: true, isRotated: true })
      if (typeof got === 'string') return
      yield this.#records([got], trail)
    }
  }

  /** Nothing is left of the file, and it was read to its end: whatever comes under its name is new. */
  async #leave(trail: Trail): Promise<void> {
    this.#unwatch()
    this.#trail = undefined
    this.#from = undefined
    this.#left = { stat: trail.stat, position: trail.position }
    await trail.close()
  }

  #isSilent(): boolean {
    return this.#host.steady() - this.#saidAtMs >= aliveMs
  }

  #records(chunks: Chunk[], { position }: Trail): Records {
    this.#saidAtMs = this.#host.steady()
    const { source } = this.#following.reading
    const backfill = this.#toldOf(position)
    return {
      source,
      chunks,
      next: position,
      ...(this.#late && { predecessor: toPredecessor(this.#late) }),
      ...(backfill && { backfill: { told: backfill } }),
    }
  }

  /** It is over when as much was read as there was at the first look, or another file is read by now. */
  #toldOf({ offset }: FilePosition): BackfillPlace['told'] | undefined {
    if (this.#backfill === undefined) return undefined
    const told = moved(this.#backfill, { done: this.#late === undefined ? offset : null, nowMs: this.#host.now() })
    this.#backfill = told.finishedAt === null ? told : undefined
    return told
  }

  #missed(cause: string): Missed {
    return { source: this.#following.reading.source, lost: { count: null, cause } }
  }

  async *#stand(why: Unreadable): AsyncGenerator<Taken, undefined> {
    if (!this.#isSilent()) return
    this.#saidAtMs = this.#host.steady()
    yield standingOf(this.#following.reading.source, why)
  }
}
