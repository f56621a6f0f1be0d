import type { Backfill, Position } from '@tidewaiter/protocol'
import { toTime } from '../time.ts'
import type { BackfilledPlace } from './collector.ts'

/** Reading on its way from the oldest entry to the present. */
export interface Course {
  /** The present was not reached yet. */
  isBehind(): boolean
  /** How far it has come with this position; undefined where nothing is known. */
  after(position: Position): BackfilledPlace['backfill'] | undefined
  /** Nothing more came: this is the present. */
  arrive(): void
}

/** @param known how far it had come when it was handed over last; `isNew`: it was never read */
export function newCourse({
  known,
  isNew,
  now,
}: {
  known: BackfilledPlace | undefined
  isNew: boolean
  now(): number
}): Course {
  const beganMs = now()
  let told = known?.backfill.told
  let hasArrived = !isNew && told?.finishedAt !== null
  const reachedMs = known && timeOf(known.position)
  let fromMs = reachedMs === undefined || told === undefined ? undefined : reachedMs - told.done

  const move = (atMs: number): Backfill => {
    fromMs ??= atMs
    const total = told?.total ?? Math.max(0, beganMs - fromMs)
    const done = Math.min(Math.max(atMs - fromMs, told?.done ?? 0), total)
    hasArrived ||= done === total
    return { unit: 'millisecond', done, total, finishedAt: null }
  }
  return {
    isBehind: () => !hasArrived,
    after(position) {
      const atMs = timeOf(position)
      if (!hasArrived && atMs !== undefined) told = move(atMs)
      if (hasArrived && told?.finishedAt === null) told = { ...told, done: told.total, finishedAt: toTime(now()) }
      return told && { told }
    },
    arrive() {
      hasArrived = true
    },
  }
}

/** When the entry of a cursor was written, milliseconds since 1970: microseconds in hex stand in it as `t=`. */
function timeOf(position: Position): number | undefined {
  const [, time] = ('cursor' in position && /(?:^|;)t=([0-9a-f]{1,13})(?:;|$)/.exec(position.cursor)) || []
  return time === undefined ? undefined : Math.floor(Number.parseInt(time, 16) / 1000)
}
