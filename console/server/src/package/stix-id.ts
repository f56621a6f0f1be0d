import { createHash } from 'node:crypto'

/** Namespace of deterministic ids of observables (STIX 2.1, 2.9). */
const observables = '00abedb4-aa42-466c-9c01-fed23315a9b7'
/** Ours, for everything else: a random UUID that never changes. */
const own = '0d8ff54c-6a1f-4a0f-9d0e-4c2d1b7a53e6'

/** UUID version 5 (RFC 9562, 5.5). */
function uuid5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Id of an object of ours, the same in every package about the same thing. */
export function stixId(type: string, ...name: readonly string[]): string {
  return `${type}--${uuid5(own, JSON.stringify([type, ...name]))}`
}

/** Id of an observable from the properties that contribute to it, in canonical JSON (RFC 8785: members sorted). */
export function observableId(type: string, contributing: Record<string, unknown>): string {
  const sorted = Object.fromEntries(Object.entries(contributing).sort(([a], [b]) => (a < b ? -1 : 1)))
  return `${type}--${uuid5(observables, JSON.stringify(sorted))}`
}
