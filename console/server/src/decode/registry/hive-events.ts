import type { Event } from '../decoder.ts'
import { baseBlockBytes } from './base-block.ts'
import { currentName, currentSet, noteSet } from './control-set.ts'
import { dataLeft, deletedOf } from './deleted.ts'
import { addFact, factEvent } from './fact-event.ts'
import { type Layout, layoutOf } from './free-cells.ts'
import type { Hive } from './hive.ts'
import { type Key, keyOf } from './key.ts'
import { keyEvents, sayValue } from './key-event.ts'
import type { KeyNode } from './key-node.ts'
import { meanings } from './meaning/index.ts'
import type { Fact } from './meaning/meaning.ts'
import { type Place, placesBelow, placesOf } from './meaning/paths.ts'
import { eventAt, registryOf, type Told } from './told.ts'
import { valuesOf } from './value.ts'
import { type Visit, walk } from './walk.ts'

/** What was found in a hive. */
export interface Counts {
  keys: number
  values: number
  deleted: number
  /** Keys of which something cannot be read. */
  damaged: number
}

const everywhere = placesOf(meanings)

/** Events of all that a hive holds: of its keys in their order, then of what was deleted. */
export function* hiveEvents(
  hive: Hive,
  told: Told,
  { root, counts }: { root: KeyNode; counts: Counts },
): Generator<Event> {
  const path = told.mount.root.join('\\')
  const current = currentSet(hive, root, told.mount)
  const renamed = new Map(current === undefined ? [] : [[current.offset, currentName]])
  const seen = told.mount.root.reduce<readonly Place[]>(placesBelow, [everywhere])
  for (const visit of walk(hive, { root, path, seen, renamed, below: placesBelow }))
    for (const event of visitEvents(hive, told, visit, counts)) {
      noteSet(event, visit.path, current)
      yield event
    }
  const layout = layoutOf(hive)
  yield* damagedBins(told, layout)
  yield* deletedEvents(hive, told, { layout, root: path, counts })
}

function* visitEvents(hive: Hive, told: Told, visit: Visit<readonly Place[]>, counts: Counts): Generator<Event> {
  const { node, path, seen } = visit
  const { values, damage = visit.damage } = valuesOf(hive, node)
  counts.keys += 1
  counts.values += values.length
  if (damage !== undefined) counts.damaged += 1
  const known = seen.flatMap((place) => place.meanings)
  const events = keyEvents(hive, told, { node, path, values, damage })
  if (known.length === 0) yield* events
  else {
    const key = keyOf(hive, node, path, values)
    yield* withFacts(events, told, { key, node, facts: known.flatMap((meaning) => meaning.read(key)) })
  }
}

/** What a key says as a whole becomes part of its event, the first where there are several; the rest are events behind it. */
function* withFacts(
  events: Generator<Event>,
  told: Told,
  { key, node, facts }: { key: Key; node: KeyNode; facts: readonly Fact[] },
): Generator<Event> {
  let ofKey = facts.filter((fact) => fact.of === 'key')
  for (const event of events) {
    for (const fact of ofKey) addFact(event, fact)
    ofKey = []
    yield event
  }
  for (const fact of facts) {
    if (fact.of === 'key') continue
    const value = key.values.find(({ name }) => name === fact.value)
    yield factEvent(told, key, { fact, at: baseBlockBytes + (value ?? node).offset })
  }
}

function* damagedBins(told: Told, { damaged }: Layout): Generator<Event> {
  for (const at of damaged.slice(0, 1000)) {
    const event = eventAt(told, at)
    event.event.kind = 'pipeline_error'
    event.event.category = ['host']
    event.message = 'A part of the hive is damaged: what lies free in it is not told.'
    event.error = { code: 'signature-wrong', message: event.message }
    yield event
  }
}

function* deletedEvents(
  hive: Hive,
  told: Told,
  { layout, root, counts }: { layout: Layout; root: string; counts: Counts },
): Generator<Event> {
  for (const found of deletedOf(hive, layout, root)) {
    counts.deleted += 1
    if (found.is === 'key') {
      const values = found.values.map((value) => dataLeft(hive, value, layout.free) ?? value)
      yield* keyEvents(hive, told, { node: found.node, path: found.path, values, left: 'in free cells' })
      continue
    }
    const left = dataLeft(hive, found.value, layout.free)
    const said = left === undefined ? undefined : sayValue(hive, left)
    const event = eventAt(told, found.at - 4)
    event.event.action = 'deleted-value-found'
    event.registry = registryOf('…', found.value.name)
    event.message = `Deleted: …\\${found.value.name} = ${(said?.text ?? said?.data)?.replaceAll('\n', ' | ') ?? '(its data was written over)'}`
    event.tidewaiter.deleted = true
    if (said !== undefined) event.tidewaiter.values = [said]
    yield event
  }
}
