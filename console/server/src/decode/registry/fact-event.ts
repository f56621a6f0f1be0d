import type { Event } from '../decoder.ts'
import type { Key } from './key.ts'
import type { Fact } from './meaning/meaning.ts'
import { eventAt, registryOf, type Told } from './told.ts'

/** Adds what a key says as a whole to its event. */
export function addFact(event: Event, fact: Fact): void {
  event.event.action = fact.action
  if (fact.category !== undefined) event.event.category = fact.category
  if (fact.type !== undefined) event.event.type = fact.type
  if (fact.outcome !== undefined) event.event.outcome = fact.outcome
  event.message = `${fact.says}. ${event.message ?? ''}`
  Object.assign(event, fact.fields)
  Object.assign(event.tidewaiter, fact.more)
}

/** The event of one of the things that a key holds. Without a time of its own it was so when the key was last written. */
export function factEvent(told: Told, key: Key, { fact, at }: { fact: Fact; at: number }): Event {
  const event = eventAt(told, at)
  const registry = registryOf(key.path, fact.value)
  event.registry = fact.data === undefined ? registry : { ...registry, data: { strings: fact.data } }
  event.message = key.path
  const time = fact.at ?? (key.writtenAt === undefined ? undefined : { time: key.writtenAt, is: 'key last written' })
  if (time !== undefined) {
    event['@timestamp'] = time.time
    event.tidewaiter.time_is = time.is
  }
  addFact(event, fact)
  return event
}
