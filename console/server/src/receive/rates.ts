import ipaddr from 'ipaddr.js'

/** How often something may be done by one address or host: `burst` at once, then `perSecond`. */
export interface Rates {
  /** False when the key has used up its share. */
  take(key: string, cost?: number): boolean
}

interface Bucket {
  tokens: number
  atMs: number
}

/** So many keys are remembered; the one that came first is forgotten first. */
const mostKeys = 10_000

export function openRates(
  { burst, perSecond }: { burst: number; perSecond: number },
  steady: () => number = () => performance.now(),
): Rates {
  const buckets = new Map<string, Bucket>()
  return {
    take(key, cost = 1) {
      const nowMs = steady()
      const { tokens, atMs } = buckets.get(key) ?? { tokens: burst, atMs: nowMs }
      const left = Math.min(burst, tokens + ((nowMs - atMs) / 1000) * perSecond)
      const isTaken = left >= cost
      buckets.delete(key)
      buckets.set(key, { tokens: isTaken ? left - cost : left, atMs: nowMs })
      const [oldest] = buckets.keys()
      if (buckets.size > mostKeys && oldest !== undefined) buckets.delete(oldest)
      return isTaken
    },
  }
}

/** What counts as one address: of IPv6 the network of 64 bits, since a single machine has all of it. */
export function addressKey(address: string): string {
  try {
    const parsed = ipaddr.process(address)
    if (parsed instanceof ipaddr.IPv6)
      return `${parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`
    return parsed.toString()
  } catch {
    return address
  }
}
