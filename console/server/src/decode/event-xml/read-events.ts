import { type Damage, readOr } from '../damaged.ts'
import { toWinEvent } from '../windows-event/from-xml.ts'
import type { WinEvent } from '../windows-event/win-event.ts'
import { readXml } from '../xml.ts'

/** One event of a text, or why a part of it is none. */
export type Read = { event: WinEvent } | { damage: Damage; text: string }

/** Of the schema of events ([MS-EVEN6] 2.2.14). */
const namespace = 'http://schemas.microsoft.com/win/2004/08/events/event'

/** What may stand around events and says nothing. */
const around = /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<Events(?:\s[^>]{0,500})?>)?\s*$|^\s*<\/Events>\s*$/
const begin = /<Event(?=[\s>])/g

/** True for the beginning of a text of events: one after the other, or in `<Events>`. */
export function isEventXml(text: string): boolean {
  begin.lastIndex = 0
  const found = begin.exec(text)
  return found !== null && around.test(text.slice(0, found.index)) && text.includes(namespace, found.index)
}

/** Events of a text in their order. What stands between them and is none is told once for each place. */
export function readEvents(text: string): Read[] {
  const reads: Read[] = []
  let at = 0
  while (at < text.length) {
    begin.lastIndex = at
    const from = begin.exec(text)?.index ?? text.length
    const between = text.slice(at, from)
    if (!around.test(between)) reads.push(none(between))
    if (from === text.length) break
    const { read, end } = readOne(text, from)
    reads.push(read)
    at = end
  }
  return reads
}

function none(text: string): Read {
  return { damage: { code: 'format-unknown', says: 'This stands where an event should, and is none.' }, text }
}

/** An event that cannot be read takes all that is left: where it ends cannot be told. */
function readOne(text: string, from: number): { read: Read; end: number } {
  return readOr<{ read: Read; end: number }>(
    () => {
      const { root, end } = readXml(text, from)
      const event = toWinEvent(root)
      return { read: event === undefined ? none(text.slice(from, end)) : { event }, end }
    },
    (damage) => ({ read: { damage, text: text.slice(from) }, end: text.length }),
  )
}
