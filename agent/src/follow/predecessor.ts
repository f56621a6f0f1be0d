import { Position } from '@tidewaiter/protocol'
import { type Static, Type } from 'typebox'
import type { Trail } from './trail.ts'

/**
 * The file before the one that is followed. A program that has not noticed the rotation may still write to it, also
 * while nobody looks; so how far it was read is kept beside the position.
 */
export const Predecessor = Type.Object({
  position: Position,
  /** When it was changed last, milliseconds since 1970; null where it held more than was read. */
  modifiedMs: Type.Union([Type.Integer(), Type.Null()]),
})
export type Predecessor = Static<typeof Predecessor>

export function toPredecessor({ position, stat }: Trail): Predecessor {
  const isRead = stat.size === position.offset
  return { position, modifiedMs: isRead ? toMs(stat.modifiedNs) : null }
}

export function toMs(ns: bigint): number {
  return Number(ns / 1_000_000n)
}
