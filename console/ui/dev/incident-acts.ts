import { randomUUID } from 'node:crypto'
import type { Fact, PackageRow } from '@tidewaiter/protocol/api'
import { now } from './clock.ts'
import { incidents, newFacts, type StoredIncident } from './incident.ts'
import { known, Refused } from './refused.ts'

/** Who is signed in. */
const by = 't.reyes@halyard-customs.example'
/** Tells the screens that a topic changed. */
type Changed = (topic: string) => void
type Body = Record<string, unknown>

export function incidentOf(id: string | undefined): StoredIncident {
  return known(incidents.find((incident) => incident.id === id))
}

export function openIncident(name: string, changed: Changed): StoredIncident {
  const id = `HCB-2026-00${incidents.length + 1}`
  const incident = { id, name, openedAt: now(), rev: 1, facts: newFacts(false), items: [], packages: [] }
  incidents.unshift(incident)
  changed('overview')
  return incident
}

const clockFields = ['recordsBreach.discoveredAt', 'notice.initial.sentAt', 'notice.importerList.sentAt']

export function setFact(id: string, body: Body, changed: Changed): Fact {
  const incident = incidentOf(id)
  const fact = known(incident.facts.find(({ field }) => field === body.field))
  if (fact.rev !== body.rev)
    throw new Refused(409, 'revision-stale', `${fact.label} was changed by ${fact.by ?? 'someone'} meanwhile.`)
  if (clockFields.includes(fact.field) && fact.state !== 'unanswered' && body.reason === undefined)
    throw new Refused(400, 'input-malformed', `A clock follows from "${fact.label}". Say why it changes.`)
  const value = body.state === 'answered' ? String(body.value) : ''
  incident.rev += 1
  // The screens send the states of the API.
  Object.assign(fact, {
    state: body.state as Fact['state'],
    value: fact.field === 'importerNumbers' ? value.replace(/[A-Z0-9](?=.{4,}$)/gm, '*') : value,
    rev: incident.rev,
    by,
    at: now(),
    ...(body.reason !== undefined && { reason: String(body.reason) }),
  })
  changed(`incident:${id}`)
  changed('overview')
  return { ...fact }
}

export function addItem(id: string, body: Body, changed: Changed) {
  // A body of this shape is what the screens send.
  const { kind, ref, note = '' } = body as { kind: 'finding'; ref: string; note?: string }
  const item = { id: randomUUID(), addedAt: now(), addedBy: by, kind, ref, note }
  incidentOf(id).items.push(item)
  changed(`incident:${id}`)
  return item
}

export function removeItem(id: string, item: string | undefined, changed: Changed): void {
  const incident = incidentOf(id)
  incident.items = incident.items.filter((one) => one.id !== item)
  changed(`incident:${id}`)
}

export function packageOf(id: string | undefined): PackageRow {
  return known(incidents.flatMap(({ packages }) => packages).find((row) => row.id === id))
}

const steps = ['index', 'records', 'documents', 'packing']
const stepOf = 100
const bytes = 214_120_004

/** Builds in eight seconds. With the label RED it fails on the way, so that this can be looked at too. */
export function build(id: string, body: Body, changed: Changed): PackageRow {
  const incident = incidentOf(id)
  const number = incident.packages.length + 1
  const row: PackageRow = {
    id: randomUUID(),
    incident: id,
    number,
    profile: 'soc',
    disclose: 'records',
    tlp: (body.tlp ?? 'AMBER') as PackageRow['tlp'],
    state: 'building',
    step: 'waiting',
    done: 0,
    of: 1,
    fileName: `${id}_soc_v${number}.zip`,
    bytes: null,
    sha256: null,
    signerFingerprint: null,
    cut: '',
    builtAt: null,
    builtBy: by,
    warnings: [],
  }
  incident.packages.unshift(row)
  let done = 0
  const timer = setInterval(() => {
    if (row.state !== 'building') return clearInterval(timer)
    done += 10
    Object.assign(row, stateAfter(done, row.tlp === 'RED'))
    changed(`package:${row.id}`)
    changed(`incident:${id}`)
  }, 200)
  return row
}

function stateAfter(done: number, fails: boolean): Partial<PackageRow> {
  const step = steps[Math.floor(done / stepOf)]
  if (fails && step === 'documents')
    return { state: 'failed', problem: 'The volume of the data folder is full. Free space and build it again.' }
  if (step !== undefined) {
    const share = (done % stepOf) / stepOf
    return step === 'packing'
      ? { step, done: Math.round(bytes * share), of: bytes }
      : { step, done: Math.round(63 * share), of: 63 }
  }
  return {
    state: 'built',
    step: 'built',
    bytes,
    sha256: '2a49d04c'.repeat(8),
    signerFingerprint: 'c6e6a803'.repeat(8),
    cut: `${'c0ffee00'.repeat(4)}:12006:23:44`,
    builtAt: now(),
  }
}
