import type { ChunkHead, Header } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import type { DecodeContext } from './decoder.ts'
import { fixedOffset, zoneOf } from './zone.ts'

/** What was sealed beside the records of a chunk: zone of the batch, time read, and when a rotated file was last changed. */
export function contextOf(
  { zone, utcOffset }: Pick<Header, 'zone' | 'utcOffset'>,
  { readAt, fileModifiedAt }: Pick<ChunkHead, 'readAt' | 'fileModifiedAt'>,
): DecodeContext {
  return {
    // An import whose zone nobody named is sealed without one.
    ...(zone !== '' && { zone: { name: zone, offsetMinutes: utcOffset, basis: 'sealed with the batch' } }),
    latest:
      fileModifiedAt === undefined
        ? { ms: Date.parse(readAt), basis: 'from the time read' }
        : { ms: Date.parse(fileModifiedAt), basis: 'from the time the file was last changed' },
    readAt,
  }
}

/** What the reader of a bare file says about its times; what is not said stays unknown. */
export interface GivenTime {
  year?: number
  /** IANA name, `UTC`, or an offset such as `-05:00`. */
  zone?: string
}

/** Throws `input-malformed` for a zone or year that is none. */
export function contextByHand({ year, zone }: GivenTime): DecodeContext {
  const context: DecodeContext = {}
  if (year !== undefined) {
    if (!Number.isInteger(year) || year < 1970 || year > 9999)
      throw refuse('input-malformed', `${year} is no year: give one from 1970 to 9999.`)
    context.year = year
  }
  if (zone !== undefined) context.zone = zoneByHand(zone)
  return context
}

function zoneByHand(text: string): NonNullable<DecodeContext['zone']> {
  const basis = 'given by hand'
  const offsetMinutes = fixedOffset(text)
  if (offsetMinutes !== undefined) return { offsetMinutes, basis }
  if (zoneOf(text) === undefined)
    throw refuse('input-malformed', `${text} is no zone: give an IANA name such as Europe/Berlin, or -05:00.`)
  return { name: text, basis }
}
