import pino from 'pino'
import type { Event } from '../decode/decoder.ts'
import type { DirtyWindow, Index, Windows } from '../index/index-port.ts'
import { openLive } from '../live.ts'
import { openStore, type Store } from '../store/store.ts'
import { type Detector, isReadBy, windowOf } from './detector.ts'
import { type Engine, startEngine } from './engine.ts'
import { openEventTable } from './event-table.ts'
import { detectors as all } from './index.ts'

/** A console as far as detection sees it: a store, an index that marks windows, a ledger of one record a batch. */
export interface TestConsole {
  store: Store
  engine: Engine
  /** Events come in from a host: the index has them, and the engine has judged what they touched. */
  take(events: readonly Event[], host?: string): Promise<void>
  /** The index is made again from these events alone. */
  reindex(events: readonly Event[]): Promise<void>
  /** Topics that changed since asked last. */
  topics(): string[]
  log: { msg: string; detector: string }[]
  /** The ledger has so many batches that the index has not read. */
  fallBehind(batches: number): void
  /** Moves the clock on, and lets the engine do what is due then. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

export async function openTestConsole(detectors: readonly Detector[] = all): Promise<TestConsole> {
  const store = await openStore({ file: ':memory:' })
  const index = openTestIndex(detectors)
  const log: TestConsole['log'] = []
  const topics = new Set<string>()
  const live = openLive((run) => queueMicrotask(run))
  live.listen(['findings', 'overview'], ({ topic }) => topics.add(topic))
  // Beyond the rest that a window has after it was judged.
  let nowMs = Date.parse('2026-11-24T12:00:00Z')
  let lag = 0
  const advance = async (ms: number) => {
    nowMs += ms
    await engine.settled()
  }
  const engine = startEngine({
    store,
    index,
    live,
    detectors,
    ledger: { entry: async (position) => ({ ...entry, position, seq: position }), size: () => lag },
    log: pino({}, { write: (line: string) => log.push(JSON.parse(line)) }),
    now: () => nowMs,
    schedule: () => undefined,
  })
  const take = (events: readonly Event[], host = 'host-1') => {
    index.add(events, host)
    return advance(2000)
  }
  return {
    store,
    engine,
    fallBehind(batches) {
      lag = batches
    },
    log,
    advance,
    take,
    reindex(events) {
      index.forget()
      return take(events)
    },
    topics() {
      const changed = [...topics]
      topics.clear()
      return changed
    },
    async close() {
      await engine.close()
      await store.destroy()
    },
  }
}

const entry = {
  host: 'host-1',
  branch: null,
  receivedAtMs: 0,
  headerHash: '',
  headerBytes: new Uint8Array(),
  signature: new Uint8Array(),
}

/** The index as the engine sees it, on the columns of the real one. */
function openTestIndex(detectors: readonly Detector[]) {
  let table = openEventTable()
  const positions = new Map<Event, number>()
  const hosts: string[] = []
  const dirty = new Map<string, { window: DirtyWindow; generation: number }>()
  const generations = new WeakMap<DirtyWindow, number>()
  type Listener = Parameters<Index['onIndexed']>[0]
  const listeners = new Set<Listener>()
  const keyOf = ({ host, detector, fromMs }: DirtyWindow) => `${host} ${detector} ${fromMs}`
  const mark = (window: DirtyWindow) => {
    const generation = (dirty.get(keyOf(window))?.generation ?? 0) + 1
    dirty.set(keyOf(window), { window, generation })
  }
  const numberOf = (host: string) => (hosts.includes(host) ? hosts.indexOf(host) : hosts.push(host) - 1)
  const windows: Windows = {
    dirty: async (limit) =>
      [...dirty.values()]
        .sort((a, b) => a.window.fromMs - b.window.fromMs)
        .slice(0, limit)
        .map(({ window, generation }) => {
          const given = { ...window }
          generations.set(given, generation)
          return given
        }),
    measure: async ({ host, fromMs, toMs }, sql) => table.measure(sql, { host: numberOf(host), fromMs, toMs }),
    judged: async (window) => {
      if (dirty.get(keyOf(window))?.generation === generations.get(window)) dirty.delete(keyOf(window))
    },
    datasetsOf: async () => [],
  }
  return {
    windows,
    asOf: () => 0,
    onIndexed(listener: Listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    add(events: readonly Event[], host: string) {
      for (const event of events) {
        const at = Date.parse(event['@timestamp'] ?? '')
        const position = positions.get(event) ?? positions.size
        positions.set(event, position)
        table.add(event, { host: numberOf(host), at, position, record: 0 })
        for (const detector of detectors) {
          if (!isReadBy(detector, event.event.dataset, ` ${event.event.category?.join(' ')} `)) continue
          const fromMs = windowOf(detector, at)
          mark({ host, detector: detector.id, fromMs, toMs: fromMs + detector.windowMs })
        }
      }
      for (const listener of listeners) listener({ asOf: 0, hosts: [host], rows: [], sightings: 0 })
    },
    forget() {
      const before = table
      table = openEventTable()
      for (const [no, host] of hosts.entries())
        for (const detector of detectors)
          for (const fromMs of before.windowsOf(no, detector.windowMs))
            mark({ host, detector: detector.id, fromMs, toMs: fromMs + detector.windowMs })
      before.close()
    },
  }
}
