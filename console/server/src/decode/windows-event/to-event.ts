import type { Event } from '../decoder.ts'
import { addMeaning, type Meaning } from './meaning.ts'
import { findMeaning } from './meanings.ts'
import type { WinEvent } from './win-event.ts'
import { winlogOf } from './winlog.ts'

/** The document of an event of Windows, whatever carried it: what it says as Winlogbeat names it, and what that means. */
export function toEvent(event: WinEvent, dataset: string, tidewaiter: Event['tidewaiter']): Event {
  const meaning = findMeaning(event)
  const document: Event = {
    event: { kind: 'event', dataset, category: ['host'], type: ['info'] },
    message: '',
    tidewaiter,
  }
  const { createdAt, provider, eventId, computer, level, more } = event
  if (createdAt !== undefined) document['@timestamp'] = createdAt
  if (provider !== undefined) document.event.provider = provider
  if (eventId !== undefined) document.event.code = String(eventId)
  if (computer !== undefined) document.host = { name: computer }
  if (level !== undefined) document.log = { level: levels[level] ?? String(level) }
  document.winlog = winlogOf(event)
  if (more !== undefined) tidewaiter.xml = more
  if (meaning !== undefined) addMeaning(document, event, meaning)
  document.message = event.rendered ?? messageOf(document, event, meaning)
  return document
}

/** Level by its number (winmeta.xml); what is always logged is no warning. */
const levels: readonly string[] = ['information', 'critical', 'error', 'warning', 'information', 'verbose']

/** Providers' own texts are not in the log. */
function messageOf(document: Event, { provider, eventId }: WinEvent, meaning: Meaning | undefined): string {
  if (meaning === undefined) return `${provider ?? 'Unknown provider'} ${eventId ?? ''}`.trimEnd()
  const about = meaning.about === undefined ? undefined : textAt(document, meaning.about)
  const from = textAt(document, 'source.ip') ?? textAt(document, 'source.address')
  const to = textAt(document, 'destination.ip')
  const parts = [about && `: ${shortened(about)}`, from && ` from ${from}`, to && ` to ${to}`]
  return `${eventId} ${meaning.says}${parts.filter((part) => part !== undefined).join('')}`
}

const mostAbout = 200

/** One line of it: scripts have thousands. */
function shortened(text: string): string {
  const line = text.length > mostAbout ? `${text.slice(0, mostAbout)}…` : text
  return line.replaceAll('\r', '').replaceAll('\n', ' ')
}

function textAt(document: Event, path: string): string | undefined {
  let value: unknown = document
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' ? value : undefined
}
