import type { Event } from '../decoder.ts'
import type { Rule } from './rule.ts'
import type { WinEvent } from './win-event.ts'

/** What the event of one number means, in the fields of ECS as Winlogbeat's modules fill them. */
export interface Meaning {
  /** What happened, in a few words for `message`. */
  says: string
  action: string
  category: readonly string[]
  type: readonly string[]
  /** `audited`: success or failure as the keywords of the event say. Absent where nothing was tried. */
  outcome?: 'success' | 'failure' | 'unknown' | 'audited'
  rules?: readonly Rule[]
  /** Field that `message` names. */
  about?: string
}

/** The meanings of one channel's events, by their number; only these providers are believed there. */
export interface ChannelMeanings {
  channel: string
  providers: readonly string[]
  meanings: ReadonlyMap<number, Meaning>
}

export type FindMeaning = (event: WinEvent) => Meaning | undefined

export function meaningFinder(tables: readonly ChannelMeanings[]): FindMeaning {
  const byChannel = new Map<string, ChannelMeanings>()
  for (const table of tables) byChannel.set(table.channel, table)
  return ({ channel, provider, eventId }) => {
    const table = byChannel.get(channel ?? '')
    if (table === undefined || provider === undefined || eventId === undefined) return undefined
    return table.providers.includes(provider) ? table.meanings.get(eventId) : undefined
  }
}

/** Adds what the event means to its document. */
export function addMeaning(document: Event, event: WinEvent, meaning: Meaning): void {
  document.event.action = meaning.action
  document.event.category = meaning.category
  document.event.type = meaning.type
  const outcome = meaning.outcome === 'audited' ? auditOf(event) : meaning.outcome
  if (outcome !== undefined) document.event.outcome = outcome
  const fields = event.data ?? event.userData?.fields
  if (fields !== undefined) for (const rule of meaning.rules ?? []) rule(document, fields, event)
}

/** Bits 53 and 52 of the keywords: audit success, audit failure (winmeta.xml). */
function auditOf({ keywords }: WinEvent): 'success' | 'failure' | undefined {
  if (keywords === undefined || !/^0x[0-9a-f]{14,16}$/i.test(keywords)) return undefined
  const bits = Number.parseInt(keywords.slice(-14, -12), 16)
  if ((bits & 0x10) !== 0) return 'failure'
  return (bits & 0x20) !== 0 ? 'success' : undefined
}
