import { cbpRows } from '../cbp.ts'
import type { Event } from '../decode/decoder.ts'
import { type Detector, isReadBy } from '../detect/detector.ts'

/** What a run over files looked at: "nothing found" says no more than that. */
export interface DetectCoverage {
  /** Passes events on, and looks at what they are. */
  watch(events: AsyncIterable<Event>): AsyncGenerator<Event>
  /** In sentences, when all of them went by. */
  says(): string
}

export function openDetectCoverage(detectors: readonly Detector[]): DetectCoverage {
  const blind = new Set(detectors)
  let events = 0
  let unreadable = 0
  const look = ({ event: { dataset, category = [] }, error }: Event) => {
    events += 1
    if (error !== undefined) unreadable += 1
    for (const detector of blind) if (isReadBy(detector, dataset, ` ${category.join(' ')} `)) blind.delete(detector)
  }
  return {
    async *watch(all) {
      for await (const event of all) {
        look(event)
        yield event
      }
    },
    says() {
      const saw = detectors.filter((detector) => !blind.has(detector))
      const answered = new Set(detectors.flatMap(({ row }) => (row === undefined ? [] : [row])))
      const missing = cbpRows.filter((row) => !answered.has(row))
      return [
        `Read ${events === 1 ? '1 event' : `${events} events`}${unreadable === 0 ? '' : `, ${unreadable} of which hold something that could not be read`}.`,
        `Looked: ${idsOf(saw)}. Blind, for nothing they read is in these files: ${idsOf([...blind])}.`,
        ...(missing.length > 0 ? [`No detector in this version for: ${missing.join('; ')}.`] : []),
      ].join('\n')
    },
  }
}

function idsOf(detectors: readonly Detector[]): string {
  return detectors.length === 0 ? 'none' : detectors.map(({ id }) => id).join(', ')
}
