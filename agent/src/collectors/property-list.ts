import type { Host } from '../host.ts'

const limit = 1024 * 1024

export type Properties = Readonly<Record<string, unknown>>

/**
 * A property list as plutil(1) of macOS turns it into JSON, whether it is text or binary. One with dates or bytes is none
 * that JSON can say.
 */
export async function readProperties(
  host: Host,
  path: string,
  signal: AbortSignal,
): Promise<{ properties: Properties } | { why: string }> {
  const answer = await host.ask('plutil', ['-convert', 'json', '-o', '-', '--', path], { limit, signal })
  if ('why' in answer) return answer
  const properties = parse(answer.toString())
  return isProperties(properties) ? { properties } : { why: 'it holds no properties' }
}

/** One value of a property list that may hold what JSON cannot say; undefined where it has none. */
export async function readProperty(
  host: Host,
  { path, key, as }: { path: string; key: string; as: 'json' | 'xml1' },
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await host.ask('plutil', ['-extract', key, as, '-o', '-', '--', path], { limit, signal })
  return 'why' in answer ? undefined : answer.toString()
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isProperties(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a row says of a value: text up to some length, numbers and truth values as they are. */
export function plain(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'string') return value.slice(0, mostCharacters)
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined
}

const mostCharacters = 4_000
