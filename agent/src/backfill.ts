import { Backfill, FileMark } from '@tidewaiter/protocol'
import { type Static, Type } from 'typebox'
import { toTime } from './time.ts'

/** A file that was rotated, and when it was changed last, milliseconds since 1970: compressing keeps that time. */
export const RotatedMark = Type.Object({ file: FileMark, modifiedMs: Type.Number() })
export type RotatedMark = Static<typeof RotatedMark>

/** How far a source has come with what was there before it was first read; kept beside its position. */
export const BackfillPlace = Type.Object({
  told: Backfill,
  /** Of rotated files: the one at hand, the newest of those that were there before, and how many were lost, also in part. */
  files: Type.Optional(
    Type.Object({ at: RotatedMark, last: RotatedMark, lost: Type.Optional(Type.Integer({ minimum: 0 })) }),
  ),
})
export type BackfillPlace = Static<typeof BackfillPlace>

/** @param done so much of what was there; null: all of it is over */
export function moved(told: Backfill, { done, nowMs }: { done: number | null; nowMs: number }): Backfill {
  return done === null || done >= told.total
    ? { ...told, done: told.total, finishedAt: toTime(nowMs) }
    : { ...told, done, finishedAt: null }
}
