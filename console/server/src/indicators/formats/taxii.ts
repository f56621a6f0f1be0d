import { refuse } from '../../error.ts'
import { openReader, type Reading } from '../reading.ts'
import type { Json } from './json.ts'
import { readObjects } from './stix.ts'
import { isObject, listOf } from './stix-object.ts'

/**
 * An envelope as a TAXII 2.1 server answers with it (section 3.7): STIX objects, and whether there are more.
 * Throws `indicator-file-refused` for anything else.
 */
export function readTaxii(json: Json): Reading {
  if (!isEnvelope(json.value))
    throw refuse(
      'indicator-file-refused',
      'This is JSON, but not an envelope of TAXII 2.1: {"more": …, "objects": […]}.',
    )
  const reader = openReader()
  if (json.value.more === true)
    reader.warn({ line: 1, value: 'more: true', why: 'The server holds more objects than are in this file.' })
  readObjects(reader, json, listOf(json.value.objects) ?? [])
  return reader.done()
}

/** A collection in which nothing is new gives an envelope without `objects`. */
export function isEnvelope(value: unknown): value is { more?: unknown; objects?: unknown } {
  return (
    isObject(value) &&
    value.type === undefined &&
    (value.objects === undefined
      ? Object.keys(value).every((name) => name === 'more' || name === 'next')
      : Array.isArray(value.objects))
  )
}
