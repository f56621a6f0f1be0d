import { toWinEvent } from '../windows-event/from-xml.ts'
import type { WinEvent } from '../windows-event/win-event.ts'
import { instantAt } from '../windows-scalar.ts'
import { readFragment } from './binxml.ts'
import { type Budget, recordBudget, settle } from './budget.ts'
import { fill } from './fill.ts'
import { recordHeadBytes, type Span } from './find-records.ts'
import { noValues } from './node.ts'
import { inner, type Source } from './source.ts'
import { Unreadable } from './unreadable.ts'

/** What the head of a record says. */
interface Head {
  number: string
  writtenAt: string | undefined
}

/** A record that was read, or why it was not. */
interface Read extends Head {
  event: WinEvent | undefined
  says: string | undefined
}

export function readHead({ data }: Source, at: number): Head {
  return { number: data.getBigUint64(at + 8, true).toString(), writtenAt: instantAt(data, at + 16) }
}

/** @param budget what the records of the chunk may still take */
export function readRecord(source: Source, { at, end }: Span, budget: Budget): Read {
  const head = readHead(source, at)
  const given = recordBudget(budget)
  source.budget = { ...given }
  try {
    return { event: eventOf(source, at + recordHeadBytes, end - 4), says: undefined, ...head }
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause
    return { event: undefined, says: cause.message, ...head }
  } finally {
    settle(budget, given, source.budget)
  }
}

function eventOf(source: Source, at: number, end: number): WinEvent {
  const cursor = inner({ source, at, end, level: 0 }, at, end)
  const [root] = fill(cursor, readFragment(cursor), noValues).children
  const event = root && toWinEvent(root)
  if (event === undefined) throw new Unreadable('It holds no event.')
  return event
}
