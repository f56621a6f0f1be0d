import { Unreadable } from './unreadable.ts'

/** Elements (with their values and names) and characters that may still be made. */
export interface Budget {
  elements: number
  characters: number
}

/**
 * A record holds less than 64 KiB, but a template may name one value thousands of times, and many records one template.
 * The records of the samples take at most 201 elements and 25,003 characters each, a chunk of them 3,375 and 78,316.
 */
const perRecord: Budget = { elements: 8192, characters: 262_144 }
const perChunk: Budget = { elements: 40_000, characters: 2_097_152 }

/** What the records of one chunk may take together. */
export function chunkBudget(): Budget {
  return { ...perChunk }
}

/** What one record may take of what the chunk has left. */
export function recordBudget(chunk: Budget): Budget {
  return {
    elements: Math.min(perRecord.elements, chunk.elements),
    characters: Math.min(perRecord.characters, chunk.characters),
  }
}

/** Takes what a record used from its chunk. */
export function settle(chunk: Budget, before: Budget, after: Budget): void {
  chunk.elements -= before.elements - after.elements
  chunk.characters -= before.characters - after.characters
}

export function spend(budget: Budget, elements: number, characters: number): void {
  budget.elements -= elements
  budget.characters -= characters
  if (budget.elements < 0 || budget.characters < 0) throw new Unreadable('It would become larger than any event is.')
}
