import ipaddr from 'ipaddr.js'

/** Networks in memory, asked with one address after another. */
export interface Networks<Held> {
  /** Gives what is held for every network that this address lies in. @param address in its normal form */
  around(address: string, take: (held: Held) => void): void
}

/** @param all their values are networks in the normal form */
export function openNetworks<Held extends { value: string }>(all: readonly Held[]): Networks<Held> {
  const [ipv6, ipv4] = [all.filter(isSix), all.filter((held) => !isSix(held))]
  const [six, four] = [openRanges(ipv6.map(toRange6)), openRanges(ipv4.map(toRange4))]
  return {
    around(address, take) {
      if (!address.includes(':')) four.around(number4(address), take)
      else if (ipv6.length > 0) six.around(number6(address), take)
    },
  }
}

function isSix({ value }: { value: string }): boolean {
  return value.includes(':')
}

/** Addresses as numbers: the first and the last of a network. */
interface Range<Key, Held> {
  from: Key
  to: Key
  held: Held
}

function toRange4<Held extends { value: string }>(held: Held): Range<number, Held> {
  const [address = '', bits = ''] = held.value.split('/')
  const from = number4(address)
  return { from, to: from + 2 ** (32 - Number(bits)) - 1, held }
}

function toRange6<Held extends { value: string }>(held: Held): Range<bigint, Held> {
  const [address = '', bits = ''] = held.value.split('/')
  const from = number6(address)
  return { from, to: from + (1n << BigInt(128 - Number(bits))) - 1n, held }
}

/**
 * Of two networks one holds the other or they have nothing in common. So the last one that begins at or before an
 * address, and those that hold this one, are all that can hold the address.
 */
function openRanges<Key extends number | bigint, Held>(ranges: Range<Key, Held>[]) {
  ranges.sort((a, b) => compare(a.from, b.from) || compare(b.to, a.to))
  const begins = ranges.map(({ from }) => from)
  const outer = outerOf(ranges)
  return {
    around(key: Key, take: (held: Held) => void) {
      for (let at = lastFrom(begins, key); at >= 0; at = outer[at] ?? -1) {
        const range = ranges[at]
        if (range !== undefined && key <= range.to) take(range.held)
      }
    },
  }
}

function compare(a: number | bigint, b: number | bigint): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** For each range the place of the smallest that holds it; -1 where none does. */
function outerOf(ranges: readonly Range<number | bigint, unknown>[]): Int32Array {
  const outer = new Int32Array(ranges.length)
  let open = -1
  for (const [at, { to }] of ranges.entries()) {
    while (open >= 0 && (ranges[open]?.to ?? 0) < to) open = outer[open] ?? -1
    outer[at] = open
    open = at
  }
  return outer
}

/** Place of the last begin at or before `key`; -1 where there is none. */
function lastFrom<Key extends number | bigint>(begins: readonly Key[], key: Key): number {
  let low = 0
  let high = begins.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const begin = begins[middle]
    if (begin !== undefined && begin <= key) low = middle + 1
    else high = middle
  }
  return low - 1
}

const zero = 48
const dot = 46

/** By hand: this is asked for every address of every event. */
function number4(address: string): number {
  let number = 0
  let part = 0
  for (let at = 0; at < address.length; at++) {
    const code = address.charCodeAt(at)
    if (code === dot) {
      number = number * 256 + part
      part = 0
    } else part = part * 10 + code - zero
  }
  return number * 256 + part
}

function number6(address: string): bigint {
  return ipaddr.IPv6.parse(address).parts.reduce((number, part) => (number << 16n) | BigInt(part), 0n)
}
