import type { Host } from '../../host.ts'
import { cutEvents, type EventText, textOfAnswer } from './cut-events.ts'

/** Of one answer. An event has at most 64 KiB of data, which XML and UTF-16 make some times as much. */
const limit = 8 * 1024 * 1024
/** Events that are asked for at once, and fewer where so many do not fit: the fewest are sure to. */
export const pageEvents = 100
const fewest = 4

export type Answer = { events: EventText[]; asked: number } | { why: string }

interface Asked {
  channel: string
  /** XPath of `wevtutil`: of our own words and numbers only. */
  query: string
  newestFirst?: boolean
  most: number
}

/** Events of a channel by `wevtutil qe` (learn.microsoft.com, "wevtutil"). */
export async function askEvents(host: Host, asked: Asked, signal: AbortSignal): Promise<Answer> {
  const { channel, query, newestFirst = false, most } = asked
  const args = ['qe', channel, `/q:${query}`, `/c:${most}`, `/rd:${newestFirst}`, '/f:xml', '/uni:true']
  const answer = await host.ask('wevtutil', args, { limit, signal })
  if (!('why' in answer)) return { events: cutEvents(textOfAnswer(answer)), asked: most }
  if (most <= fewest || !answer.why.includes('says more than')) return answer
  return askEvents(host, { ...asked, most: Math.max(fewest, Math.ceil(most / 8)) }, signal)
}

/**
 * From this number on, oldest first. Never by `wevtutil gli`: the oldest number that it tells stays 1 when a log was
 * cleared (reported by others; nobody here could look).
 */
export function eventsFrom(number: number, sinceMs = Number.NEGATIVE_INFINITY): string {
  const since = Number.isFinite(sinceMs)
    ? ` and TimeCreated[@SystemTime>='${new Date(Math.max(0, sinceMs)).toISOString()}']`
    : ''
  return `*[System[EventRecordID>=${number}${since}]]`
}
