import type { Logger } from 'pino'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import { type Held, openIndicatorSync } from './indicator-sync.ts'
import type { News, Order, WriterArgument } from './messages.ts'
import type { Judged } from './write/dirty.ts'
import type { WriterName } from './write/exits.ts'
import { startWriter, type Writer } from './writer.ts'

export interface WritersOptions {
  argument: Omit<WriterArgument, 'suspects' | 'leftOut'>
  store: Store
  ledger: Pick<Ledger, 'onAppend'>
  log: Logger
  hear(news: Indexed, from: WriterName): void
  /** A file of the index is broken. */
  damaged(): void
}

export type Indexed = Extract<News, { type: 'indexed' }>

/** The two processes that write the index, and what is said to them. */
export interface Writers {
  /** Ledger position (exclusive) up to which both have read. */
  asOf(): number
  watch(hosts: readonly string[]): void
  clear(judged: readonly Judged[]): Promise<void>
  /** Gives what is new in the store; resolves when it has met all that is held. */
  syncIndicators(): Promise<void>
  /** Resolves when both have opened their files. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Process ids, for those who want to see them die. */
  pids(): Record<WriterName, number | undefined>
}

const nothing: Held = { indicators: 0, ended: 0 }
/** Words of new batches are gathered for so long. */
const wakeMs = 50

export function openWriters(options: WritersOptions): Writers {
  const { ledger, store, log } = options
  const cursors = { events: 0, values: 0 }
  const asked = openAsking()
  const running = new Map<WriterName, Writer>()
  const send = (name: WriterName, order: Order) => void running.get(name)?.send(order)
  let watched: readonly string[] = []
  let held = nothing
  let syncing: Promise<unknown> = Promise.resolve()
  let waking: NodeJS.Timeout | undefined

  const ask = (name: WriterName, order: Asking) => asked.ask(name, order, (numbered) => send(name, numbered))
  const indicators = openIndicatorSync({ store, put: (rows) => ask('values', { type: 'indicators', rows }) })
  const sync = (): Promise<void> => {
    const next = syncing.then(() => indicators.sync(held))
    syncing = next.catch((error: unknown) => log.error({ err: error }, 'indicators could not be given to their writer'))
    return next
  }
  const hear = (news: News, from: WriterName) => {
    if (news.type === 'done') {
      if (from === 'values') held = news
      return asked.answer(news.ask, news)
    }
    cursors[from] = news.cursor
    if (news.type === 'indexed') {
      if (from === 'events') send('values', { type: 'wake' })
      return options.hear(news, from)
    }
    asked.repeat(from, (order) => send(from, order))
    if (from === 'events') send('events', { type: 'watch', hosts: watched })
    else {
      held = news
      sync().catch(() => undefined)
    }
  }
  const stopListening = ledger.onAppend(() => {
    waking ??= setTimeout(() => {
      waking = undefined
      send('events', { type: 'wake' })
    }, wakeMs)
  })
  return {
    asOf: () => Math.min(cursors.events, cursors.values),
    watch(hosts) {
      watched = hosts
      send('events', { type: 'watch', hosts })
    },
    clear: async (windows) => void (await ask('events', { type: 'judged', windows })),
    async syncIndicators() {
      await sync()
      await ask('values', { type: 'match' })
    },
    async start() {
      for (const name of ['events', 'values'] as const)
        running.set(name, startWriter({ ...options, name, hear: (news) => hear(news, name) }))
      await Promise.all(Array.from(running.values(), (writer) => writer.ready))
    },
    async stop() {
      clearTimeout(waking)
      stopListening()
      asked.end()
      await Promise.all(Array.from(running.values(), (writer) => writer.stop()))
    },
    pids: () => ({ events: running.get('events')?.pid(), values: running.get('values')?.pid() }),
  }
}

/** Orders that are answered, before they have their number. */
type Asking = DistributiveOmit<Extract<Order, { ask: number }>, 'ask'>
type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never

interface Waiting {
  to: WriterName
  order: Order
  resolve(held: Held): void
}

/** Orders that wait for their answer; a writer that died gets them again. All of them may be done twice. */
function openAsking() {
  const waiting = new Map<number, Waiting>()
  let last = 0
  let isOver = false
  return {
    ask: (to: WriterName, asking: Asking, send: (order: Order) => void) =>
      new Promise<Held>((resolve) => {
        if (isOver) return resolve(nothing)
        last += 1
        // Put together again, so it is one of them.
        const order = { ...asking, ask: last } as Order
        waiting.set(last, { to, order, resolve })
        send(order)
      }),
    answer(ask: number, held: Held) {
      waiting.get(ask)?.resolve(held)
      waiting.delete(ask)
    },
    repeat(to: WriterName, send: (order: Order) => void) {
      for (const { order } of [...waiting.values()].filter((one) => one.to === to)) send(order)
    },
    /** Nobody answers any more, and nobody is left waiting. */
    end() {
      isOver = true
      for (const { resolve } of waiting.values()) resolve(nothing)
      waiting.clear()
    },
  }
}
