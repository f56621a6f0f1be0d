import type { Tlp } from '@tidewaiter/protocol/api'
import { isObject, listOf, type StixObject, textOf } from './stix-object.ts'
import { strictest, toTlp } from './tlp.ts'

/** TLP labels by the id of the marking that means them. */
export type Markings = ReadonlyMap<string, Tlp>

/** The markings that STIX 2.1 (7.2.1.4) and the TLP 2.0 extension define, and those in the file. */
export function markingsOf(objects: readonly StixObject[]): Markings {
  const markings = new Map(wellKnown)
  for (const object of objects) {
    if (object.type !== 'marking-definition') continue
    const label = toTlp(labelOf(object))
    const id = textOf(object.id)
    if (label !== undefined && id !== undefined && !wellKnown.has(id)) markings.set(id, label)
  }
  return markings
}

/** The strictest label on an object or on a part of it. */
export function tlpOf(object: StixObject, markings: Markings): Tlp | undefined {
  const parts = (listOf(object.granular_markings) ?? []).map((part) => (isObject(part) ? part.marking_ref : undefined))
  const refs = [...(listOf(object.object_marking_refs) ?? []), ...parts]
  return strictest(refs.flatMap((ref) => markings.get(textOf(ref) ?? '') ?? []))
}

function labelOf(marking: StixObject): string {
  const definition = isObject(marking.definition) ? textOf(marking.definition.tlp) : undefined
  const extensions = isObject(marking.extensions) ? Object.values(marking.extensions) : []
  const extension = extensions.map((each) => (isObject(each) ? textOf(each.tlp_2_0) : undefined)).find(Boolean)
  return definition ?? extension ?? textOf(marking.name) ?? ''
}

const wellKnown: Markings = new Map([
  ['marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9', 'CLEAR'],
  ['marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da', 'GREEN'],
  ['marking-definition--f88d31f6-486f-44da-b317-01333bde0b82', 'AMBER'],
  ['marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed', 'RED'],
  ['marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487', 'CLEAR'],
  ['marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb', 'GREEN'],
  ['marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421', 'AMBER'],
  ['marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003', 'AMBER+STRICT'],
  ['marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1', 'RED'],
])
