import type { Accuracy } from '../accuracy.fixture.ts'
import { beginCut } from '../cut.ts'
import type { Decoder, Event } from '../decoder.ts'
import { writtenAsXml } from '../evtxexport.fixture.ts'
import { decoderById } from '../index.ts'
import { recordOf } from '../recorded.fixture.ts'
import { bytesOf, namesBelow } from '../shared-data.fixture.ts'
import { eventXml } from './index.ts'

/** Event logs of folders of the shared data. */
export function logsIn(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) => namesBelow(folder).filter((name) => name.endsWith('.evtx')))
}

/** Events of a whole file, cut as a bare file is. */
export function eventsOfFile(decoder: Decoder, bytes: Uint8Array): Event[] {
  const [decoding, cut] = [decoder.start({}), beginCut(decoder.cut)]
  const events: Event[] = []
  let at = 0
  for (let piece = cut(bytes, at); piece !== undefined; piece = cut(bytes, at)) {
    events.push(...decoding.push(recordOf(bytes.subarray(at, piece.end))))
    at = piece.next
  }
  return at < bytes.length ? [...events, ...decoding.push(recordOf(bytes.subarray(at)))] : events
}

export type Difference = readonly [log: string, fields: string, ofLog: string, ofXml: string]

/** Events of logs as our decoder of logs gives them, against those of the XML that another program wrote of the same logs. */
export function xmlAccuracy(logs: readonly string[]): Accuracy & { differences: Difference[]; unwritten: string[] } {
  const sum = { records: 0, right: 0, wrong: 0, missed: 0 }
  const differences: Difference[] = []
  const unwritten: string[] = []
  for (const log of logs) {
    const xml = writtenAsXml(log)
    if (xml.length === 0) {
      unwritten.push(log)
      continue
    }
    const [expected, found] = [liveEvents(log), eventsOfFile(eventXml, xml)]
    sum.records += expected.length
    sum.missed += Math.max(0, expected.length - found.length)
    for (const [i, event] of expected.slice(0, found.length).entries()) {
      const differing = differenceOf(normal(event), normal(found[i] ?? event))
      if (differing === undefined) sum.right += 1
      else differences.push([log, ...differing])
    }
    sum.wrong += Math.max(0, found.length - expected.length)
  }
  return { ...sum, wrong: sum.wrong + differences.length, differences, unwritten }
}

function liveEvents(log: string): Event[] {
  return eventsOfFile(decoderById('evtx'), bytesOf(log)).filter(
    ({ error, tidewaiter }) => error === undefined && tidewaiter.carved !== true,
  )
}

/** A document without what says which file it came from. */
function normal({ tidewaiter, event, ...document }: Event): Record<string, string> {
  const { record: _, offset: __, doubt: ___, ...own } = tidewaiter
  const { dataset: ____, ...what } = event
  return Object.fromEntries(leavesOf({ ...document, tidewaiter: own, event: what }, ''))
}

function leavesOf(value: unknown, path: string): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, alike(String(value))]]
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, path === '' ? name : `${path}.${name}`))
}

/** evtxexport writes GUIDs in capitals, numbers in hexadecimal with all their zeros, and times with nine digits. */
function alike(text: string): string {
  return text
    .toLowerCase()
    .replace(/0x0+(?=[0-9a-f])/g, '0x')
    .replace(/(?<=\d\d:\d\d\.\d{7})00z/g, 'z')
}

function differenceOf(
  expected: Record<string, string>,
  found: Record<string, string>,
): readonly [string, string, string] | undefined {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
  const differing = names.filter((name) => expected[name] !== found[name])
  const [first = ''] = differing
  return first === '' ? undefined : [differing.join(), expected[first] ?? 'absent', found[first] ?? 'absent']
}
