import type { Beside, Event } from '../decoder.ts'
import { recordOf } from '../recorded.fixture.ts'
import { bins } from './cut.ts'
import { registry } from './index.ts'

/** Events of a whole file, cut as a bare file is. */
export function eventsOfHive(bytes: Buffer, beside: readonly Beside[] = []): Event[] {
  const decoding = registry.start(beside.length === 0 ? {} : { beside })
  const cut = bins.begin()
  let at = 0
  for (let piece = cut(bytes, at); piece !== undefined; piece = cut(bytes, at)) {
    decoding.push({ ...recordOf(bytes.subarray(at, piece.end)), position: at })
    at = piece.next
  }
  if (at < bytes.length) decoding.push({ ...recordOf(bytes.subarray(at)), position: at })
  return [...decoding.end()]
}

/** Those of one kind, in their order. */
export function withAction(events: readonly Event[], action: string): Event[] {
  return events.filter(({ event }) => event.action === action)
}
