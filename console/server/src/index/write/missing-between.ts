import type { Position, SourceSpan } from '@tidewaiter/protocol'

type FilePosition = Extract<Position, { offset: number }>
type NumberPosition = Extract<Position, { number: number }>

/**
 * What is missing where one batch does not go on where the one before ended, as far as the two positions tell.
 * @param counts numbers are those of records, and not of passes
 */
export function missingBetween(before: Position, first: Position, counts: boolean): string {
  if ('offset' in before && 'offset' in first) return inFile(before, first)
  if ('number' in before && 'number' in first) return inNumbers(before, first, counts ? 'record' : 'pass')
  return 'records are missing between these batches.'
}

/** What is missing of the records that one batch names by its positions. */
export function missingWithin({ first, next }: Pick<SourceSpan, 'first' | 'next'>, lost: number): string {
  if (!('number' in first && 'number' in next)) return `${lost} records are missing in this batch.`
  return `${lost} of the records ${first.number} to ${next.number - 1} are missing.`
}

function inFile(before: FilePosition, first: FilePosition): string {
  if (before.file.ino !== first.file.ino || before.file.dev !== first.file.dev)
    return `it goes on in another file at byte ${first.offset}, and the file before was left at byte ${before.offset}.`
  if (first.offset < before.offset)
    return `the file went back from byte ${before.offset} to ${first.offset}: it was emptied or cut.`
  if (before.file.headSha256 !== first.file.headSha256)
    return 'the file was rewritten: it begins with other bytes than before.'
  return `bytes ${before.offset} to ${first.offset} of the file are missing.`
}

function inNumbers(before: NumberPosition, first: NumberPosition, unit: string): string {
  if (before.bootId !== first.bootId) return 'it was counted anew after the machine booted.'
  if (first.number < before.number)
    return `its numbers went back from ${before.number} to ${first.number}: the log was cleared, or put back.`
  return `${unit} ${before.number} to ${first.number - 1} are missing.`
}
