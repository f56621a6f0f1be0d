/** A network end as ECS wants it: the text as it stood, and the address or the name it is. */
export interface End {
  address: string
  ip?: string
  domain?: string
  port?: number
}

export function toEnd(address: string, port?: number): End {
  const ip = toIp(address)
  const end: End = { address }
  if (ip !== undefined) end.ip = ip
  else if (isHostName(address)) end.domain = address
  if (port !== undefined) end.port = port
  return end
}

/**
 * An IP address in its one canonical form (RFC 5952), so that equal addresses compare as text; an IPv4-mapped one is
 * the IPv4 address; a zone index is left out. Undefined for anything else, such as octets with leading zeros.
 */
export function toIp(text: string): string | undefined {
  if (isIpv4(text)) return text
  if (text.length > 64 || !text.includes(':')) return undefined
  const groups = toGroups(text)
  return groups === undefined ? undefined : formatIpv6(groups)
}

function isIpv4(text: string): boolean {
  if (text.length < 7 || text.length > 15) return false
  let dots = 0
  let from = 0
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && text.charCodeAt(i) !== 46) continue
    if (!isOctet(text, from, i)) return false
    dots++
    from = i + 1
  }
  return dots === 4
}

/** 0 to 255 without leading zeros, which some readers would take as octal. */
function isOctet(text: string, from: number, to: number): boolean {
  let octet = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9 || (octet === 0 && i > from)) return false
    octet = octet * 10 + digit
  }
  return to > from && octet <= 255
}

function toGroups(text: string): number[] | undefined {
  const zone = text.indexOf('%')
  const halves = (zone < 0 ? text : text.slice(0, zone)).split('::')
  if (halves.length > 2) return undefined
  const head = toHalf(halves[0] ?? '')
  if (halves.length === 1) return head?.length === 8 ? head : undefined
  const tail = toHalf(halves[1] ?? '')
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

function toHalf(text: string): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && isIpv4(part)) {
      const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number)
      groups.push(a * 256 + b, c * 256 + d)
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}

/** Text of eight 16-bit groups. */
export function formatIpv6(groups: readonly number[]): string {
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6)
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
  }
  const { start, length } = longestZeros(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  return best
}

function isHostName(text: string): boolean {
  return text.length <= 253 && /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/.test(text) && /[A-Za-z_]/.test(text)
}
