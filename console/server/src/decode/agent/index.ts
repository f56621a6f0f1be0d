import { isOfAgent } from '@tidewaiter/protocol'
import { lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Event } from '../decoder.ts'
import { textEvent, unreadable } from '../document.ts'
import { detectRows, isRow, parseRow, type Row, textIn } from '../row.ts'
import { isShallow } from '../shallow.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { readIso } from '../written.ts'

const dataset = 'agent'

/** What an agent says of itself: its runs, tasks, artifacts, policies and gaps. */
export const agent: Decoder = {
  id: 'agent',
  title: 'The agent’s own records: runs, tasks, policies and gaps',
  reads: ({ source }) => isOfAgent(source),
  detects: (sample) => detectRows(sample, ['kind', 'at']),
  cut: lines,
  start(context) {
    const place = timeline(context)
    return { push: (record) => [toEvent(record, place)], end: () => [], state: () => undefined }
  },
}

interface Kind {
  category: readonly string[]
  type: readonly string[]
  outcome?: 'success' | 'failure'
  says(row: Row): string
}

/** Kinds by their word in the record (`agent/src/own-records.ts`). */
const kinds: Readonly<Record<string, Kind>> = {
  started: {
    category: ['host'],
    type: ['start'],
    says: (row) => `The agent ${textIn(row, 'agent') ?? ''} started.${endOf(row.before)}`,
  },
  collectors: {
    category: ['host'],
    type: ['info'],
    says: ({ collectors }) =>
      `The agent can take ${Array.isArray(collectors) ? collectors.length : 'no'} kinds of evidence, and says of each what it cannot see.`,
  },
  stopped: {
    category: ['host'],
    type: ['end'],
    says: (row) =>
      `The agent stopped in order${inWords(stops, textIn(row, 'cause'), ', ')}. ${textIn(row, 'says') ?? ''}`.trimEnd(),
  },
  'clock-step': {
    category: ['host'],
    type: ['change'],
    says: (row) => `The clock was set from ${textIn(row, 'before') ?? '?'} to ${textIn(row, 'after') ?? '?'}.`,
  },
  asleep: {
    category: ['host'],
    type: ['info'],
    says: (row) => `The machine was asleep from ${textIn(row, 'from') ?? '?'} to ${textIn(row, 'to') ?? '?'}.`,
  },
  stalled: {
    category: ['host'],
    type: ['info'],
    outcome: 'failure',
    says: (row) =>
      `The agent was not let run from ${textIn(row, 'from') ?? '?'} to ${textIn(row, 'to') ?? '?'}, while the machine went on.`,
  },
  'spool-set-aside': {
    category: ['host'],
    type: ['change'],
    outcome: 'failure',
    says: () => 'The spool could not be read and was set aside.',
  },
  'spool-removed': {
    category: ['host'],
    type: ['deletion'],
    outcome: 'failure',
    says: (row) =>
      `The damaged spool ${textIn(row, 'file') ?? ''} is removed: the disk cap of the agent has no room for it.`,
  },
  'spool-was-full': {
    category: ['host'],
    type: ['info'],
    outcome: 'failure',
    says: (row) => `The disk was full since ${textIn(row, 'since') ?? 'an unknown time'}: nothing could be sealed.`,
  },
  sources: { category: ['host'], type: ['info'], says: sourcesOf },
  use: { category: ['host'], type: ['info'], says: useOf },
  'new-chain': { category: ['host'], type: ['change'], says: () => 'The agent began a new chain.' },
  'task-received': {
    category: ['host'],
    type: ['access'],
    says: ({ task }) => `The console asked for ${askOf(task) ?? 'something'}.`,
  },
  'task-answered': {
    category: ['host'],
    type: ['access'],
    outcome: 'success',
    says: (row) =>
      textIn(row, 'failed') === undefined ? 'A task was done.' : `A task failed: ${textIn(row, 'failed')}`,
  },
  'task-refused': {
    category: ['host'],
    type: ['access'],
    outcome: 'failure',
    says: (row) => `A task was refused: ${textIn(row, 'says') ?? ''}`,
  },
  artifact: {
    category: ['file'],
    type: ['access'],
    outcome: 'success',
    says: (row) =>
      `${textIn(row, 'path') ?? 'A file'} was acquired.${row.changedDuringRead === true ? ' It changed while it was read.' : ''}`,
  },
  'artifact-lost': {
    category: ['file'],
    type: ['access'],
    outcome: 'failure',
    says: (row) => `An artifact will not arrive: ${textIn(row, 'says') ?? ''}`,
  },
  policy: { category: ['configuration'], type: ['change'], says: () => 'The policy in force changed.' },
  gap: {
    category: ['host'],
    type: ['info'],
    outcome: 'failure',
    says: (row) => `${textIn(row, 'collector') ?? 'A collector'} could not read: ${textIn(row, 'says') ?? ''}`,
  },
}

/** How a run ended, by its word in the record (`agent/src/last-run.ts`). */
const stops: Readonly<Record<string, string>> = {
  stopped: 'told by a signal',
  'service-stopped': 'stopped by the service manager',
  'host-stopping': 'because the machine was shut down or started again',
  uninstalled: 'because it is being uninstalled',
  restarting: 'by itself, to begin anew with less memory',
  enrolled: 'by itself, for it was the enrolment, which sends a first batch and no more',
}
const ends: Readonly<Record<string, string>> = {
  ...stops,
  killed: 'killed or crashed: it left no word, and the machine has not booted since',
  'host-down': 'cut off with the machine: it left no word, and the machine has booted since',
  'began-anew': 'given up by the same process',
}

function endOf(before: unknown): string {
  return isRow(before) ? inWords(ends, textIn(before, 'ended'), ' The run before it ended: ', '.') : ''
}

function inWords(words: Readonly<Record<string, string>>, word: string | undefined, before: string, behind = '') {
  return word !== undefined && Object.hasOwn(words, word) ? `${before}${words[word]}${behind}` : ''
}

function toEvent(record: DecodeRecord, place: Timeline): Event {
  const text = toText(record.bytes)
  const row = parseRow(text)
  const name = row && textIn(row, 'kind')
  if (row === undefined || name === undefined || !isShallow(row))
    return unreadable(record, dataset, { says: 'The record is none of the agent’s own.', text })
  const event = textEvent(record, dataset, text)
  addTime(event, textIn(row, 'at'), place)
  const { kind: _, at: __, ...details } = row
  event.tidewaiter.agent = details
  event.event.action = name
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind === undefined) return event
  const { category, type, outcome, says } = kind
  Object.assign(event.event, { category, type })
  const ended = name === 'task-answered' && textIn(row, 'failed') !== undefined ? 'failure' : outcome
  if (ended !== undefined) event.event.outcome = ended
  const code = textIn(row, 'code')
  if (code !== undefined) event.event.code = code
  event.message = says(row)
  if (name === 'artifact') addFile(event, row)
  return event
}

/** What was acquired, under the names all events have for a file. */
function addFile(event: Event, row: Row): void {
  const [path, sha256] = [textIn(row, 'path'), textIn(row, 'sha256')]
  const size = Number.isSafeInteger(row.size) ? { size: Number(row.size) } : {}
  const hash = sha256 === undefined ? {} : { hash: { sha256 } }
  event.file = { ...(path !== undefined && { path }), ...size, ...hash }
}

function addTime(event: Event, raw: string | undefined, place: Timeline): void {
  const written = raw === undefined ? undefined : readIso(raw, 0)
  if (raw === undefined || written?.end !== raw.length) return
  const { at, time } = place(raw, written.written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
}

/** What the agent used of its host, and which caps slowed it down. */
function useOf({ cpuSeconds, rssBytes, caps }: Row): string {
  const names = (Array.isArray(caps) ? caps : []).flatMap((cap) => (isRow(cap) ? (textIn(cap, 'cap') ?? []) : []))
  const slowed = names.length > 0 ? ` Slowed down by ${names.slice(0, 4).join(', ')}.` : ''
  return `The agent used ${Number(cpuSeconds)} s of CPU and holds ${Math.round(Number(rssBytes) / 1_000_000)} MB.${slowed}`
}

function askOf(task: unknown): string | undefined {
  return isRow(task) && isRow(task.ask) ? textIn(task.ask, 'kind') : undefined
}

function sourcesOf({ whole, sources }: Row): string {
  const all = Array.isArray(sources) ? sources.filter(isRow) : []
  const named = all.slice(0, 5).map((each) => `${textIn(each, 'id') ?? '?'} (${textIn(each, 'state') ?? '?'})`)
  const more = all.length > named.length ? ` and ${all.length - named.length} more` : ''
  if (all.length === 0) return 'All sources give what they have.'
  return `${whole === true ? 'Sources that give nothing' : 'Sources that changed'}: ${named.join(', ')}${more}.`
}
