import { type End, formatIpv6, toEnd } from '../address.ts'

/**
 * A `struct sockaddr` in hex: family in the byte order of the host, here little-endian; port in network order.
 * Undefined for what names no other end, and for what is too short.
 */
export function readSocketAddress(hex: string): End | { path: string } | undefined {
  if (!/^([0-9A-Fa-f]{2}){4,160}$/.test(hex)) return undefined
  const bytes = Buffer.from(hex, 'hex')
  switch (bytes.readUInt16LE(0)) {
    case 1:
      return pathOf(bytes.subarray(2))
    case 2:
      return bytes.length < 8 ? undefined : toEnd(bytes.subarray(4, 8).join('.'), bytes.readUInt16BE(2))
    case 10:
      return bytes.length < 24 ? undefined : toEnd(formatIpv6(groupsOf(bytes)), bytes.readUInt16BE(2))
    default:
      return undefined
  }
}

function groupsOf(bytes: Buffer): number[] {
  return Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(8 + 2 * i))
}

/** A name in the abstract namespace begins with a NUL, which tools write as @ (unix(7)). */
function pathOf(bytes: Buffer): { path: string } | undefined {
  const isAbstract = bytes[0] === 0
  const from = isAbstract ? 1 : 0
  const end = bytes.indexOf(0, from)
  const path = bytes.toString('utf8', from, end < 0 ? undefined : end)
  return path === '' ? undefined : { path: isAbstract ? `@${path}` : path }
}
