import type { Fact, Finding, IncidentItem, Sighting } from '@tidewaiter/protocol/api'
import { parseRecordId, type RecordRef } from '../ledger/record.ts'

export interface Citation {
  record: string
  ref: RecordRef
  /** What cites it: `finding F-1`, `fact cause` ... */
  by: string[]
}

/** A record id inside the text of a fact. */
const inText = /[0-9a-f]{32}(?:~[0-9a-f]{8})?\/[1-9]\d{0,14}\/\d{1,9}(?!\d)/g

interface Cited {
  facts: readonly Fact[]
  findings: readonly Finding[]
  sightings: readonly Sighting[]
  items: readonly IncidentItem[]
}

/** Every record that is cited, once, in order of host, batch and index; and references that name no record of a ledger. */
export function citationsOf(cited: Cited): { citations: Citation[]; strange: string[] } {
  const by = new Map<string, Set<string>>()
  for (const [record, what] of citesIn(cited)) by.set(record, (by.get(record) ?? new Set()).add(what))
  const citations: Citation[] = []
  const strange: string[] = []
  for (const [record, what] of by) {
    const ref = parseRecordId(record)
    if (ref === undefined || !isOnlySpelling(record, ref)) strange.push(record)
    else citations.push({ record, ref, by: [...what].sort() })
  }
  return { citations: citations.sort(inOrder), strange: strange.sort() }
}

function* citesIn({ facts, findings, sightings, items }: Cited): Generator<[record: string, what: string]> {
  for (const { field, value } of facts) for (const [record] of value.matchAll(inText)) yield [record, `fact ${field}`]
  for (const { id, records } of findings) for (const record of records) yield [record, `finding ${id}`]
  for (const { id, firstRecord, lastRecord } of sightings)
    for (const record of [firstRecord, lastRecord]) yield [record, `sighting ${id}`]
  for (const { id, kind, ref } of items) if (kind === 'record') yield [ref, `item ${id}`]
}

/** `01` names the same batch as `1`, and a record is to have one name. */
function isOnlySpelling(record: string, { seq, index }: RecordRef): boolean {
  return seq > 0 && record.endsWith(`/${seq}/${index}`)
}

function inOrder({ ref: a }: Citation, { ref: b }: Citation): number {
  const host = (ref: RecordRef) => `${ref.host}~${ref.branch ?? ''}`
  if (host(a) !== host(b)) return host(a) < host(b) ? -1 : 1
  return a.seq - b.seq || a.index - b.index
}
