export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 host`, `2 hosts`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** Decimal units, three figures: `2.31 GB`, `214 MB`, `71 B`. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${units[unit]}`
}

/** Hex in groups of four, to be read over the phone. */
export function inFours(hex: string): string {
  return hex.match(/.{1,4}/g)?.join(' ') ?? ''
}

/** First eight and last four of a hash. */
export function shortHash(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 8)}…${hex.slice(-4)}`
}
