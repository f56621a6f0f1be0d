import type { EventRow, LiveMessage } from '@tidewaiter/protocol/api'

type Unnumbered<Message> = Message extends unknown ? Omit<Message, 'seq'> : never

/** What a message says. Its number is counted for each socket, since each hears other topics. */
export type News = Unnumbered<LiveMessage>

type Listener = (news: News) => void

/** Tells the screens what changed. Topics are those of `protocol/src/api/live.ts`. */
export interface Live {
  changed(topic: string): void
  events(host: string, rows: readonly EventRow[]): void
  /** News of these topics, until the returned function is called. */
  listen(topics: readonly string[], listener: Listener): () => void
  /** Topics somebody listens to. */
  topics(): string[]
}

const mostRows = 200
const everyMs = 250

/** At most four messages a second and topic: what changes faster is told once. */
export function openLive(
  schedule: (run: () => void, ms: number) => void = (run, ms) => void setTimeout(run, ms).unref(),
): Live {
  const listeners = new Map<string, Set<Listener>>()
  const waiting = new Map<string, EventRow[] | null>()
  const flush = (topic: string) => {
    const rows = waiting.get(topic)
    waiting.delete(topic)
    const news: News =
      rows === null || rows === undefined
        ? { topic, changed: true }
        : { topic, rows: rows.slice(-mostRows), more: Math.max(0, rows.length - mostRows) }
    for (const listener of listeners.get(topic) ?? []) listener(news)
  }
  const tell = (topic: string, rows: readonly EventRow[] | null) => {
    if (!listeners.has(topic)) return
    const before = waiting.get(topic)
    if (before === undefined) schedule(() => flush(topic), everyMs)
    waiting.set(topic, rows === null ? (before ?? null) : [...(before ?? []), ...rows])
  }
  return {
    changed: (topic) => tell(topic, null),
    events: (host, rows) => tell(`events:${host}`, rows),
    listen(topics, listener) {
      for (const topic of topics) listeners.set(topic, (listeners.get(topic) ?? new Set()).add(listener))
      return () => {
        for (const topic of topics) {
          const set = listeners.get(topic)
          set?.delete(listener)
          if (set?.size === 0) listeners.delete(topic)
        }
      }
    },
    topics: () => [...listeners.keys()],
  }
}
