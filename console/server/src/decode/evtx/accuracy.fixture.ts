import type { Accuracy } from '../accuracy.fixture.ts'
import type { Event } from '../decoder.ts'
import { recordOf } from '../recorded.fixture.ts'
import { bytesOf, namesBelow } from '../shared-data.fixture.ts'
import { chunks } from './cut-chunks.ts'
import { evtx } from './index.ts'

/** Counts of one file as `evtx_truth.json` has them; evtxexport reads nothing in five of the files. */
interface FileTruth {
  records_from_chunk_headers: number
  records_evtxexport: number
  event_ids: Readonly<Record<string, number>>
}

/** Events of a whole file, cut as a bare file is. */
export function eventsOfFile(bytes: Uint8Array): Event[] {
  const decoding = evtx.start({})
  const events: Event[] = []
  let at = 0
  for (let piece = chunks(bytes, at); piece !== undefined; piece = chunks(bytes, at)) {
    events.push(...decoding.push({ ...recordOf(bytes.subarray(at, piece.end)), position: at }))
    at = piece.next
  }
  if (at < bytes.length) events.push(...decoding.push({ ...recordOf(bytes.subarray(at)), position: at }))
  return [...events, ...decoding.end()]
}

/** Events that stand in the log as it is: neither left over from before, nor about what cannot be read. */
export function liveEvents(bytes: Uint8Array): Event[] {
  return eventsOfFile(bytes).filter(({ error, tidewaiter }) => error === undefined && tidewaiter.carved !== true)
}

/** Records of all event logs in a folder of samples. */
export function recordAccuracy(folder: string): Accuracy {
  const truth: Record<string, FileTruth> = JSON.parse(bytesOf(`${folder}/evtx_truth.json`).toString())
  return idAccuracy(truth, (name) => bytesOf(`${folder}/${name}`))
}

/** Fields of all event logs beside which lies what another decoder read in them. */
export function allFieldsAccuracy(folder: string): Accuracy & { files: number; differences: readonly Difference[] } {
  const files = namesBelow(folder).filter((name) => name.endsWith('.json') && !name.endsWith('evtx_truth.json'))
  const each = files.map((name) => fieldAccuracy(bytesOf(name.replace(/json$/, 'evtx')), bytesOf(name).toString()))
  const sum = (pick: (one: Accuracy) => number) => each.reduce((total, one) => total + pick(one), 0)
  return {
    files: files.length,
    records: sum(({ records }) => records),
    right: sum(({ right }) => right),
    wrong: sum(({ wrong }) => wrong),
    missed: sum(({ missed }) => missed),
    differences: each.flatMap(({ differences }) => differences),
  }
}

/** Records by their event ids; those of a file that evtxexport does not read by their number alone. */
function idAccuracy(truth: Readonly<Record<string, FileTruth>>, read: (name: string) => Uint8Array): Accuracy {
  const sum: Accuracy = { records: 0, right: 0, wrong: 0, missed: 0 }
  for (const [name, file] of Object.entries(truth)) {
    const events = liveEvents(read(name))
    const counts = new Map<string, number>()
    for (const { event } of events) counts.set(String(event.code), (counts.get(String(event.code)) ?? 0) + 1)
    const isNamed = file.records_evtxexport > 0
    const right = isNamed
      ? Object.entries(file.event_ids).reduce((all, [id, count]) => all + Math.min(count, counts.get(id) ?? 0), 0)
      : Math.min(file.records_from_chunk_headers, events.length)
    sum.records += file.records_from_chunk_headers
    sum.right += right
    sum.wrong += events.length - right
    sum.missed += Math.max(0, file.records_from_chunk_headers - events.length)
  }
  return sum
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type JsonObject = Readonly<Record<string, Json>>

type Difference = readonly [field: string, expected: string, found: string | undefined]

/** Fields of System and EventData of the events of a file, each with what another decoder (the Rust crate evtx) read. */
function fieldAccuracy(bytes: Uint8Array, decoded: string): Accuracy & { differences: readonly Difference[] } {
  const found = new Map(liveEvents(bytes).map((event) => [String(winlogOf(event).record_id), event]))
  // Some of the files hold several documents, one after the other.
  const fields = decoded.split(/(?<=^\})\s*(?=^\{)/m).flatMap((text): Difference[] => {
    const { System: system = {}, EventData: data = {} } = (JSON.parse(text) as { Event: Record<string, JsonObject> })
      .Event
    const event = found.get(String(system.EventRecordID))
    return [...systemOf(system), ...dataOf(data)].map(([field, expected]) => [
      field,
      expected,
      event && valueAt(event, field),
    ])
  })
  const differences = fields.filter(([, expected, value]) => value === undefined || !isSame(value, expected))
  const missed = differences.filter(([, , value]) => value === undefined).length
  const right = fields.length - differences.length
  return { records: fields.length, right, wrong: differences.length - missed, missed, differences }
}

/** Our field for each part of System, and its text there. */
function systemOf(system: JsonObject): [string, string][] {
  const pairs: [string, Json | undefined][] = [
    ['winlog.provider_name', attributeOf(system.Provider, 'Name')],
    ['winlog.provider_guid', attributeOf(system.Provider, 'Guid')],
    ['winlog.event_id', contentOf(system.EventID)],
    ['winlog.version', system.Version],
    ['winlog.level', system.Level],
    ['winlog.task', system.Task],
    ['winlog.opcode', system.Opcode],
    ['winlog.keywords', system.Keywords],
    ['@timestamp', attributeOf(system.TimeCreated, 'SystemTime')],
    ['winlog.record_id', system.EventRecordID],
    ['winlog.activity_id', attributeOf(system.Correlation, 'ActivityID')],
    ['winlog.process.pid', attributeOf(system.Execution, 'ProcessID')],
    ['winlog.process.thread.id', attributeOf(system.Execution, 'ThreadID')],
    ['winlog.channel', system.Channel],
    ['winlog.computer_name', system.Computer],
    ['winlog.user.identifier', attributeOf(system.Security, 'UserID')],
  ]
  return pairs.flatMap(([field, value]) => (value === undefined || value === null ? [] : [[field, String(value)]]))
}

function dataOf(data: JsonObject): [string, string][] {
  return Object.entries(data)
    .filter(([name]) => name !== '#attributes')
    .map(([name, value]) => [`winlog.event_data.${name}`, value === null ? '' : String(value)])
}

function attributeOf(element: Json | undefined, name: string): Json | undefined {
  const attributes = memberOf(element, '#attributes')
  return memberOf(attributes, name)
}

function contentOf(element: Json | undefined): Json | undefined {
  return typeof element === 'object' ? memberOf(element, '#text') : element
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject)[name] : undefined
}

function winlogOf({ winlog }: Event): Record<string, unknown> {
  return (winlog ?? {}) as Record<string, unknown>
}

function valueAt(event: Event, field: string): string | undefined {
  let value: unknown = event
  const data = 'winlog.event_data.'
  // Names below may have dots of their own.
  const names = field.startsWith(data) ? ['winlog', 'event_data', field.slice(data.length)] : field.split('.')
  for (const name of names) value = (value as Record<string, unknown> | undefined)?.[name]
  // Beside the words of the keywords stands the mask.
  return Array.isArray(value) ? String(value.at(-1)) : value === undefined ? undefined : String(value)
}

/**
 * That decoder writes GUIDs in capitals without braces, times with six digits or nine, and leaves out blanks at the end,
 * which evtxexport reads as we do.
 */
function isSame(value: string, expected: string): boolean {
  if (value.trimEnd() === expected) return true
  if (/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(expected)) return value === `{${expected.toLowerCase()}}`
  if (!/^\d{4}-\d\d-\d\dT.*Z$/.test(expected)) return false
  const digits = Math.min(value.length, expected.length) - 1
  return value.slice(0, digits) === expected.slice(0, digits)
}
