import type { Event } from '../decoder.ts'
import type { Dissected } from './dissect.ts'
import { dataset, toInstant } from './event.ts'
import type { Time } from './flow.ts'
import type { Frame } from './frame.ts'

/** What a capture holds, counted packet by packet. */
export interface Summary {
  packets: number
  /** On the wire. */
  bytes: number
  /** Packets of which less was captured than there was. */
  cut: number
  without: Record<Exclude<Dissected, 'flow'>, number>
  linkTypes: Set<number>
  first?: Time
  last?: Time
}

export function newSummary(): Summary {
  return {
    packets: 0,
    bytes: 0,
    cut: 0,
    without: { 'other-link': 0, 'not-ip': 0, fragment: 0, damaged: 0 },
    linkTypes: new Set(),
  }
}

const mostLinkTypes = 20

export function count(summary: Summary, frame: Frame, dissected: Dissected): void {
  summary.packets++
  summary.bytes += frame.length
  if (frame.to - frame.from < frame.length) summary.cut++
  if (dissected !== 'flow') summary.without[dissected]++
  if (dissected === 'other-link' && summary.linkTypes.size < mostLinkTypes) summary.linkTypes.add(frame.linkType)
  if (frame.digits < 0) return
  if (summary.first === undefined) summary.first = timeOf(frame)
  summary.last ??= timeOf(frame)
  summary.last.seconds = frame.seconds
  summary.last.nanos = frame.nanos
  summary.last.digits = frame.digits
}

function timeOf({ seconds, nanos, digits }: Frame): Time {
  return { seconds, nanos, digits }
}

/** Says at the end of a capture what it held, and what of it is in no flow. */
export function summaryEvent(summary: Summary, { record, drops }: { record: string; drops: number }): Event {
  const { packets, bytes, cut, without, linkTypes } = summary
  const [start, end] = [summary.first && toInstant(summary.first), summary.last && toInstant(summary.last)]
  const event: Event = {
    event: {
      kind: 'event',
      dataset,
      category: ['network'],
      type: ['info'],
      action: 'capture-read',
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    },
    message: messageOf(summary, drops),
    tidewaiter: {
      record,
      capture: {
        packets,
        bytes,
        dropped: drops,
        cut,
        not_ip: without['not-ip'],
        fragments: without.fragment,
        damaged: without.damaged,
        unknown_link: without['other-link'],
        ...(linkTypes.size > 0 && { unknown_link_types: [...linkTypes] }),
      },
    },
  }
  if (end !== undefined) event['@timestamp'] = end
  return event
}

function messageOf({ packets, cut, without, linkTypes }: Summary, drops: number): string {
  const parts = [
    `${packets} packets were read`,
    drops > 0 ? `${drops} were lost while capturing` : '',
    cut > 0 ? `${cut} were not captured whole` : '',
    without['not-ip'] > 0 ? `${without['not-ip']} are not IP` : '',
    without.fragment > 0 ? `${without.fragment} are later pieces of fragmented packets` : '',
    without.damaged > 0 ? `${without.damaged} have headers that cannot be read` : '',
    without['other-link'] > 0
      ? `${without['other-link']} are of link types that are not read (${[...linkTypes].join(', ')})`
      : '',
  ]
  return `${parts.filter((part) => part !== '').join('; ')}.`
}
