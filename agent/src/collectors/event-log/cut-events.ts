/** An event as the system wrote it. */
export interface EventText {
  xml: string
  /** EventRecordID; undefined where the event names none that can be counted. */
  number: number | undefined
}

const end = '</Event>'

/**
 * Events of what `wevtutil qe /f:xml` prints: one element after the other, with nothing around them. What is no whole
 * event is handed back with the events, so that nothing of an answer is lost.
 */
export function cutEvents(text: string): EventText[] {
  const events: EventText[] = []
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf(end, at)
    const to = found < 0 ? text.length : found + end.length
    const xml = text.slice(at, to).trim()
    if (xml !== '') events.push({ xml, number: numberOf(xml) })
    at = to
  }
  return events
}

/** The element stands in `System`, before anything that the writer of an event can choose; its number is unsigned. */
function numberOf(xml: string): number | undefined {
  const system = xml.slice(0, Math.max(0, xml.indexOf('</System>')))
  const [, digits] = /<EventRecordID>(\d{1,16})<\/EventRecordID>/.exec(system) ?? []
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : undefined
}

/** `/uni:true` gives UTF-16, little end first; without a mark of it the zeros between letters tell. */
export function textOfAnswer(bytes: Buffer): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes.length >= 4 && bytes[1] === 0 && bytes[3] === 0)
  return bytes.toString(isWide ? 'utf16le' : 'utf8').replace(/^\ufeff/, '')
}
