import { basename } from 'node:path'
import type { BackfillPlace } from '../backfill.ts'
import type { BackfilledPlace, History, Missed, Records, Taken } from '../collectors/collector.ts'
import { toTime } from '../time.ts'
import { type FilePosition, isFilePosition } from './file-mark.ts'
import { bytesOf, leftOf, markOfRotated } from './history-plan.ts'
import { isInflated } from './inflate.ts'
import { toMs } from './predecessor.ts'
import { isSameFile, openRotated, type Rotated } from './rotated.ts'
import { standingOf } from './standing.ts'
import { type Reading, Trail } from './trail.ts'

/** So often a source that gives nothing says that it is alive. */
const aliveMs = 10_000
/** To the newest file a program may still write that has not noticed the rotation. */
const quietMs = 60_000

/** A history that is not finished. */
interface Course {
  position: FilePosition
  told: BackfillPlace['told']
  files: NonNullable<BackfillPlace['files']>
}

/** The file at hand. */
interface AtHand {
  trail: Trail
  rotated: Rotated
  isNewest: boolean
  /** Bytes of the files after it. */
  laterBytes: number
}

/**
 * Reads what was rotated before a log was first looked into, oldest file first, over whatever rotation does to the files
 * meanwhile. Where it stands is what was handed over last: every look goes on from there.
 */
export class HistoryReader {
  readonly #path: string
  readonly #reading: Reading
  readonly #history: History
  #atHand: AtHand | undefined
  #saidAtMs = Number.NEGATIVE_INFINITY

  constructor({ path, reading, history }: { path: string; reading: Reading; history: History }) {
    this.#path = path
    this.#reading = reading
    this.#history = history
  }

  /** Hands over one piece. True when there is more to be read now. */
  async *look(): AsyncGenerator<Taken, boolean> {
    const course = this.#course()
    if (course === undefined) return false
    const atHand = this.#atHand ?? (yield* this.#begin(course))
    if (atHand === undefined) return true
    const { trail } = atHand
    const isQuiet = !atHand.isNewest || this.#isQuiet(atHand)
    const got = await trail.next({ isRotated: true, isLast: isQuiet })
    if (got === 'cut-off') return yield* this.#leave(course, 'was emptied or rewritten before it was read to its end')
    if (got !== 'nothing')
      yield this.#records(course, { chunks: [got], next: trail.position, done: doneOf(course, atHand) })
    if (!isQuiet) return trail.hasMore
    return got === 'nothing' || trail.isAtEnd ? yield* this.#leave({ ...course, position: trail.position }) : true
  }

  /** Says that it is alive while it waits. False when there is nothing to be read any more. */
  *wait(): Generator<Taken, boolean> {
    const course = this.#course()
    if (course === undefined) return false
    if (this.#reading.host.steady() - this.#saidAtMs >= aliveMs)
      yield this.#records(course, { chunks: [], next: course.position, done: course.told.done })
    return true
  }

  /** There is nothing to be read, or not any more. */
  get isDone(): boolean {
    return this.#course() === undefined
  }

  async close(): Promise<void> {
    const { trail } = this.#atHand ?? {}
    this.#atHand = undefined
    await trail?.close()
  }

  #course(): Course | undefined {
    const place: BackfilledPlace | undefined = this.#history.placeOf(this.#reading.source)
    if (place === undefined || !isFilePosition(place.position)) return undefined
    const { position } = place
    const { told, files } = place.backfill
    return files === undefined || told.finishedAt !== null ? undefined : { position, told, files }
  }

  #isQuiet({ trail, rotated }: AtHand): boolean {
    const modifiedMs = Math.max(toMs(trail.stat.modifiedNs), toMs(rotated.stat.modifiedNs))
    return isInflated(trail.file) || this.#reading.host.now() - modifiedMs >= quietMs
  }

  async *#begin(course: Course): AsyncGenerator<Taken, AtHand | undefined> {
    const { host } = this.#reading
    const { found, later } = await leftOf(host, this.#path, withLeft(course))
    if (found === undefined) {
      yield* this.#leave(course, 'was removed before it was read to its end')
      return undefined
    }
    const file = found.packing === 'other' ? 'packed' : await openRotated(host, found)
    if (file === 'packed') yield* this.#leave(course, 'is compressed in a way that is not read', found)
    // It has another name by now: the next look finds it.
    else if (file === 'missing') return undefined
    else if (typeof file === 'string') yield* this.#leave(course, standingOf('', file).why, found)
    else if (!isSameFile(await file.stat(), found.stat)) await file.close()
    else {
      const trail = await Trail.open(file, this.#reading, course.position.offset)
      this.#atHand = { trail, rotated: found, isNewest: later.length === 0, laterBytes: bytesOf(later) }
      return this.#atHand
    }
    return undefined
  }

  /** Goes on to the next file, or ends. @param why what is lost of this one */
  async *#leave(course: Course, why?: string, rotated = this.#atHand?.rotated): AsyncGenerator<Taken, boolean> {
    const { host } = this.#reading
    const { told, files, position } = course
    const { later } = await leftOf(host, this.#path, withLeft(course))
    const [next] = later
    const at = next && (await markOfRotated(host, next))
    // Rotated in this very moment: the next look finds it.
    if (next !== undefined && at === undefined) return true
    const lost = why === undefined ? this.#failure() : `${nameOf(rotated)} ${why}`
    await this.close()
    if (lost !== undefined) yield this.#missed(lost)
    const { left } = withLeft(course)
    const removed = Math.max(0, left - 1 - later.length)
    if (removed > 0) yield this.#missed('rotated files were removed before they were read')
    const allLost = (files.lost ?? 0) + removed + (lost === undefined ? 0 : 1)
    const done = (told.files?.done ?? 0) + (lost === undefined ? 1 : 0)
    const count = { done, total: done + allLost + later.length }
    if (at === undefined) {
      const ended = { ...told, done: told.total, files: count, finishedAt: toTime(host.now()) }
      yield this.#records({ ...course, told: ended }, { chunks: [], next: position, done: told.total })
      return false
    }
    const doneBytes = Math.max(told.done, told.total - bytesOf(later))
    const gone = { told: { ...told, files: count }, files: { ...files, at, lost: allLost }, position }
    yield this.#records(gone, { chunks: [], next: { offset: 0, file: at.file }, done: doneBytes })
    return true
  }

  #failure(): string | undefined {
    const file = this.#atHand?.trail.file
    return file !== undefined && isInflated(file) ? file.failure()?.says : undefined
  }

  #records({ told, files }: Course, { done, ...what }: Pick<Records, 'chunks' | 'next'> & { done: number }): Records {
    this.#saidAtMs = this.#reading.host.steady()
    return { source: this.#reading.source, ...what, backfill: { told: { ...told, done }, files } }
  }

  #missed(cause: string): Missed {
    return { source: this.#reading.source, lost: { count: null, cause } }
  }
}

function withLeft({ files, told }: Course) {
  const { done, total } = told.files ?? { done: 0, total: 0 }
  return { files, left: total - done - (files.lost ?? 0) }
}

function nameOf(rotated: Rotated | undefined): string {
  return rotated === undefined ? 'a rotated file' : basename(rotated.path)
}

/** Never less than was said before: a file that was compressed meanwhile takes less room. */
function doneOf({ told }: Course, { trail, rotated, laterBytes }: AtHand): number {
  const consumed = isInflated(trail.file) ? trail.file.consumed() : trail.position.offset
  const left = laterBytes + Math.max(0, rotated.stat.size - consumed)
  return Math.min(Math.max(told.done, told.total - left), told.total)
}
