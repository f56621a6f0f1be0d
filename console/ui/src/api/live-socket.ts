import type { EventRow, LiveMessage } from '@tidewaiter/protocol/api'

/** `live`: the socket is open. `asking`: it is not, but the API answers. `offline`: nothing answers. */
export type LiveState =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'asking'; since: number; retryAt: number }
  | { state: 'offline'; since: number; retryAt: number }

export interface Socket {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: (() => void) | null
  send(text: string): void
  close(): void
}

export interface LiveParts {
  open(): Socket
  now(): number
  after(ms: number, act: () => void): () => void
  /** Whether the API answers at all, asked when the socket is down. */
  reachable(): Promise<boolean>
  onState(state: LiveState): void
  onChanged(topic: string): void
  onRows(topic: string, rows: EventRow[], more: number): void
  /** Everything shown may be old: after a reconnect, or when messages were missed. */
  onStale(): void
}

/** Seconds until the next try: doubling to half a minute. */
const waits = [1, 2, 4, 8, 16, 30]
const waitMs = (tries: number) => (waits[Math.min(tries, waits.length - 1)] ?? 30) * 1000
const mostTopics = 8

export interface Live {
  start(): void
  stop(): void
  /** Watches a topic until the returned function is called. */
  watch(topic: string): () => void
  retryNow(): unknown
}

/** What is watched: a topic is asked for once, however many watch it; `changed` follows a change of the list soon. */
function createTopics(changed: () => void) {
  const watchers = new Map<string, number>()
  let due = false

  /** Topics come and go together when a page changes: one message for all of them. */
  function tellSoon(): void {
    if (due) return
    due = true
    queueMicrotask(() => {
      due = false
      changed()
    })
  }

  return {
    names: () => [...watchers.keys()].slice(-mostTopics),
    tellSoon,
    watch(topic: string): () => void {
      watchers.set(topic, (watchers.get(topic) ?? 0) + 1)
      tellSoon()
      return () => {
        const left = (watchers.get(topic) ?? 1) - 1
        if (left > 0) watchers.set(topic, left)
        else watchers.delete(topic)
        tellSoon()
      }
    },
  }
}

/** The live socket with its reconnecting; everything outside comes in as an argument. */
export function createLive(parts: LiveParts): Live {
  const topics = createTopics(() => {
    if (open) socket?.send(JSON.stringify({ sub: topics.names() }))
  })
  let socket: Socket | undefined
  let open = false
  let running = false
  let tries = 0
  /** When the connection was lost; 0 while it stands. */
  let since = 0
  let seq: number | undefined
  let cancelRetry: () => void = () => undefined

  function opened(): void {
    const again = since !== 0
    open = true
    tries = 0
    since = 0
    seq = undefined
    parts.onState({ state: 'live' })
    topics.tellSoon()
    if (again) parts.onStale()
  }

  function received(data: unknown): void {
    if (typeof data !== 'string') return
    // Our own server's message, typed by the protocol.
    const message = JSON.parse(data) as LiveMessage
    if (seq !== undefined && message.seq > seq + 1) parts.onStale()
    seq = message.seq
    if ('changed' in message) parts.onChanged(message.topic)
    else parts.onRows(message.topic, message.rows, message.more)
  }

  async function lost(): Promise<void> {
    socket = undefined
    open = false
    if (!running) return
    since ||= parts.now()
    const ms = waitMs(tries++)
    const retryAt = parts.now() + ms
    cancelRetry = parts.after(ms, connect)
    const answers = await parts.reachable()
    if (running && !open) parts.onState({ state: answers ? 'asking' : 'offline', since, retryAt })
  }

  function drop(): void {
    const old = socket
    socket = undefined
    open = false
    old?.close()
  }

  function connect(): void {
    cancelRetry()
    drop()
    const mine = parts.open()
    socket = mine
    mine.onopen = () => mine === socket && opened()
    mine.onmessage = ({ data }) => mine === socket && received(data)
    mine.onclose = () => void (mine === socket && lost())
  }

  return {
    start() {
      if (running) return
      running = true
      connect()
    },
    stop() {
      running = false
      cancelRetry()
      drop()
      since = 0
    },
    watch: topics.watch,
    retryNow: () => running && !open && connect(),
  }
}
