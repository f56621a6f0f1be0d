import { type End, formatIpv6 } from '../address.ts'

/**
 * An end as /proc/net writes it: the address in hex, each 32-bit word in the byte order of the machine, a colon, the
 * port in hex. Little-endian, as every machine we know. Undefined for anything else.
 */
export function toSocketEnd(text: string): (End & { ip: string; port: number }) | undefined {
  const match = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/i.exec(text)
  if (match === null) return undefined
  const [, hex = '', port = ''] = match
  const ip = hex.length === 8 ? bytesOf(hex).join('.') : toIpv6(hex)
  return { address: ip, ip, port: Number.parseInt(port, 16) }
}

/** Bytes of one word, in network order. */
function bytesOf(word: string): number[] {
  return [6, 4, 2, 0].map((at) => Number.parseInt(word.slice(at, at + 2), 16))
}

function toIpv6(hex: string): string {
  const groups: number[] = []
  for (let at = 0; at < 32; at += 8) {
    const [a = 0, b = 0, c = 0, d = 0] = bytesOf(hex.slice(at, at + 8))
    groups.push(a * 256 + b, c * 256 + d)
  }
  return formatIpv6(groups)
}
