import type { Indicator, Sighting, Tlp } from '@tidewaiter/protocol/api'
import type { Broker } from '../store/settings.ts'
import type { PackageContent } from './content.ts'
import { formatCut } from './cut.ts'
import { stixId } from './stix-id.ts'
import { observableObjects, patternOf } from './stix-value.ts'
import { markingDefinition, markingId } from './tlp.ts'

type StixObject = Record<string, unknown> & { id: string }

/** Counts in STIX have nine digits. */
const mostCount = 999_999_999

/**
 * `30_iocs.stix.json`: a STIX 2.1 bundle of the indicators, with a sighting and its observed data for each that was met
 * in the incident, and a sighting of count 0 for each that was looked for and not met (STIX 2.1, 5.2). Ids are made
 * from what they name, so that the next package about the same thing has the same.
 */
export function* stixBundle(content: PackageContent): Generator<string> {
  const { incident, choice, state } = content
  const id = stixId('bundle', incident.id, formatCut(state.cut), choice.tlp)
  yield `{"type":"bundle","id":${JSON.stringify(id)},"objects":[`
  const written = new Set<string>()
  for (const object of objectsOf(content)) {
    if (written.has(object.id)) continue
    yield `${written.size === 0 ? '' : ','}\n${JSON.stringify(object)}`
    written.add(object.id)
  }
  yield '\n]}\n'
}

function* objectsOf({ state, choice, incident }: PackageContent): Generator<StixObject> {
  yield markingDefinition(choice.tlp)
  const broker = identityOf(state.broker, { created: incident.openedAt, tlp: choice.tlp })
  yield broker
  const by = { broker: broker.id, at: state.at, tlp: choice.tlp }
  for (const indicator of state.indicators) {
    const seen = state.sightings.filter((sighting) => sighting.indicator.id === indicator.id)
    if (seen.length === 0 && indicator.expired) continue
    yield markingDefinition(indicator.tlp)
    const object = indicatorObject(indicator, by)
    yield object
    for (const sighting of seen) yield* sightingObjects(sighting, object.id, by)
    if (indicator.sightings === 0 && seen.length === 0) yield notSighted(object.id, by)
  }
}

interface By {
  broker: string
  /** The time of the cut: when this was said. */
  at: string
  tlp: Tlp
}

interface Said {
  created: string
  /** When it was said anew; as created when left out. */
  modified?: string
  tlp: Tlp
}

function common(type: string, name: readonly string[], { created, modified = created, tlp }: Said) {
  return {
    spec_version: '2.1',
    id: stixId(type, ...name),
    created,
    modified,
    object_marking_refs: [markingId(tlp)],
  }
}

function identityOf({ name, filerCode }: Broker, said: Said): StixObject {
  return {
    type: 'identity',
    ...common('identity', [name, filerCode], said),
    name: name === '' ? 'The broker (name not recorded)' : name,
    identity_class: 'organization',
    ...(filerCode !== '' && { description: `Customs broker, entry filer code ${filerCode}` }),
  }
}

function indicatorObject(indicator: Indicator, { broker }: By): StixObject {
  const { type, value, source, validFrom, validUntil, confidence, tlp, note, addedAt } = indicator
  return {
    type: 'indicator',
    ...common('indicator', [type, value, source], { created: addedAt, tlp }),
    created_by_ref: broker,
    name: `${type} ${value}`,
    description: note === '' ? `From: ${source}` : `From: ${source}. ${note}`,
    indicator_types: ['malicious-activity'],
    pattern: patternOf(indicator),
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: validFrom,
    ...(validUntil !== null && validUntil > validFrom && { valid_until: validUntil }),
    ...(confidence !== null && { confidence }),
  }
}

function* sightingObjects(sighting: Sighting, indicator: string, { broker, at, tlp }: By): Generator<StixObject> {
  const { id, observable, host, firstAt, lastAt, firstRecord, lastRecord } = sighting
  const count = Math.min(Math.max(sighting.count, 1), mostCount)
  const observed = observableObjects(observable)
  yield* observed
  const said = { created: firstAt, modified: at, tlp }
  const data = common('observed-data', [id], said)
  const [first] = observed
  if (first !== undefined)
    yield {
      type: 'observed-data',
      ...data,
      created_by_ref: broker,
      first_observed: firstAt,
      last_observed: lastAt,
      number_observed: count,
      object_refs: [first.id],
    }
  yield {
    type: 'sighting',
    ...common('sighting', [id], said),
    created_by_ref: broker,
    description: `On host ${host.name} (${host.id}); records ${[...new Set([firstRecord, lastRecord])].join(' and ')}`,
    first_seen: firstAt,
    last_seen: lastAt,
    count,
    sighting_of_ref: indicator,
    ...(first !== undefined && { observed_data_refs: [data.id] }),
    where_sighted_refs: [broker],
  }
}

function notSighted(indicator: string, { broker, at, tlp }: By): StixObject {
  return {
    type: 'sighting',
    ...common('sighting', ['none', indicator, at], { created: at, tlp }),
    created_by_ref: broker,
    description: 'Looked for in what is stored and not found. What was and was not looked at: 75_coverage.csv',
    count: 0,
    sighting_of_ref: indicator,
    where_sighted_refs: [broker],
  }
}
