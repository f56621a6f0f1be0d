import type { CapState } from '@tidewaiter/protocol'
import { capInWords } from '../cap-states.ts'
import { entry } from './output.ts'

/** The caps in force, and below them each that slows the agent down. */
export function capLines(caps: readonly CapState[], ago: (time: string) => string): string[] {
  if (caps.length === 0) return []
  const says = caps.map(capInWords).join(', ')
  const biting = caps.flatMap(({ since, why = '' }) =>
    since === undefined ? [] : [entry({ label: '', says: `${why} For ${ago(since)}.`, outcome: 'note' })],
  )
  return [entry({ label: 'Caps', says, ...(biting.length === 0 && { outcome: 'ok' as const }) }), ...biting]
}
