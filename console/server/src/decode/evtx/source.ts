import { view } from '../text.ts'
import { type Budget, chunkBudget } from './budget.ts'
import type { Node } from './node.ts'
import { Unreadable } from './unreadable.ts'

/** A chunk as its records are read from it: names and templates are written once and named by their place. */
export interface Source {
  bytes: Buffer
  data: DataView
  names: Map<number, string>
  /** By the place of the definition. */
  templates: Map<number, readonly Node[]>
  /** What the record that is read may still take. */
  budget: Budget
}

export function sourceOf(chunk: Uint8Array): Source {
  return {
    bytes: view(chunk),
    data: new DataView(chunk.buffer, chunk.byteOffset, chunk.length),
    names: new Map(),
    templates: new Map(),
    budget: chunkBudget(),
  }
}

/** A place in a chunk, and the end of what belongs to it. */
export interface Cursor {
  source: Source
  at: number
  end: number
  /** How deep it lies in elements, templates and values. */
  level: number
}

/** Far deeper than the events of the samples, whose values lie at most three deep in their data. */
const mostLevels = 64

/** Throws where it would be too deep, or beyond what it lies in. */
export function inner(cursor: Cursor, at: number, end: number): Cursor {
  if (cursor.level >= mostLevels) throw new Unreadable('It is nested too deeply.')
  if (end > cursor.source.bytes.length || at > end) throw new Unreadable('It reaches beyond its chunk.')
  return { source: cursor.source, at, end, level: cursor.level + 1 }
}

/** Throws unless that many bytes follow. */
export function need({ at, end }: Cursor, bytes: number): void {
  if (at + bytes > end) throw new Unreadable('It ends too early.')
}

export function takeByte(cursor: Cursor): number {
  need(cursor, 1)
  return cursor.source.data.getUint8(cursor.at++)
}

export function takeWord(cursor: Cursor): number {
  need(cursor, 2)
  cursor.at += 2
  return cursor.source.data.getUint16(cursor.at - 2, true)
}

export function takeLong(cursor: Cursor): number {
  need(cursor, 4)
  cursor.at += 4
  return cursor.source.data.getUint32(cursor.at - 4, true)
}
