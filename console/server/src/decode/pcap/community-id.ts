import type { Flow } from './flow.ts'
import { sha1 } from './sha1.ts'

/** What the id is made of. */
export type Ends = Pick<
  Flow,
  'isIpv6' | 'source' | 'destination' | 'sourcePort' | 'destinationPort' | 'protocol' | 'isOneWay'
>

/**
 * Community ID version 1 with seed 0 (https://github.com/corelight/community-id-spec): the same for both directions, and
 * in every tool that has it.
 */
export function communityId(ends: Ends): string {
  const { source, destination, sourcePort, destinationPort, protocol } = ends
  const isOrdered = ends.isOneWay || isBefore(ends)
  const [one, two] = isOrdered ? [source, destination] : [destination, source]
  const size = ends.isIpv6 ? 16 : 4
  const hasPorts = sourcePort >= 0
  const bytes = new DataView(new ArrayBuffer(4 + size * 2 + (hasPorts ? 4 : 0)))
  for (let i = 0; i * 4 < size; i++) {
    bytes.setInt32(2 + i * 4, one[i] ?? 0)
    bytes.setInt32(2 + size + i * 4, two[i] ?? 0)
  }
  const after = 2 + size * 2
  bytes.setUint8(after, protocol)
  if (hasPorts) {
    bytes.setUint16(after + 2, isOrdered ? sourcePort : destinationPort)
    bytes.setUint16(after + 4, isOrdered ? destinationPort : sourcePort)
  }
  return `1:${base64(sha1(new Uint8Array(bytes.buffer)))}`
}

/** The lower address first; of the same address the lower port. */
function isBefore({ source, destination, sourcePort, destinationPort }: Ends): boolean {
  for (let i = 0; i < 4; i++) {
    const [a, b] = [(source[i] ?? 0) >>> 0, (destination[i] ?? 0) >>> 0]
    if (a !== b) return a < b
  }
  return sourcePort <= destinationPort
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
