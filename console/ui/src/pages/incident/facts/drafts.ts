import type { FactState } from '@tidewaiter/protocol/api'
import { kept } from '../../../ui/kept.ts'
import { type Answer, secretField } from './editor.ts'

/** What was typed and not yet kept by the console, in this browser: a closed tab or a lost connection loses nothing. */
interface Draft extends Answer {
  /** Revision of the fact that it was typed over. */
  rev: number
}

const states: readonly FactState[] = ['unanswered', 'answered', 'not-known-yet', 'does-not-apply']
const keyOf = (incident: string, field: string) => `draft ${incident} ${field}`

export function readDraft(incident: string, field: string): Draft | undefined {
  const text = kept.read(keyOf(incident, field))
  if (text === undefined) return undefined
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read !== 'object' || read === null || !('state' in read && 'value' in read && 'rev' in read))
      return undefined
    const { state, value, rev } = read
    const known = states.find((one) => one === state)
    return known !== undefined && typeof value === 'string' && typeof rev === 'number'
      ? { state: known, value, rev }
      : undefined
  } catch {
    return undefined
  }
}

export function writeDraft(incident: string, field: string, draft: Draft): void {
  // Importer numbers are encrypted at rest on the console; they do not lie around in a browser.
  if (field !== secretField) kept.write(keyOf(incident, field), JSON.stringify(draft))
}

export function dropDraft(incident: string, field: string): void {
  kept.remove(keyOf(incident, field))
}
