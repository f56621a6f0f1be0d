import type { AgentMessage, SignedHead } from '@tidewaiter/protocol'
import type { Logger } from 'pino'
import type { Store } from '../store/store.ts'
import type { Farewell, Lost } from './farewell.ts'
import { label } from './label.ts'

export type Hello = Extract<AgentMessage, { type: 'hello' }>
export type State = Extract<AgentMessage, { type: 'state' }>

/** What a host says of itself, and since when each source that is not well has been so. */
export interface SaidState extends Omit<State, 'type' | 'witness'> {
  /** Source id -> time. */
  since: Record<string, string>
}

/** How a host stands since this console runs. */
export interface Standing {
  isConnected: boolean
  /** When something was last heard of it, milliseconds UTC. */
  heardMs: number
  connectedMs: number
  /** Why it is silent, where that is known (`farewell.ts`). */
  farewell: string | null
  clockOffsetMs: number | null
  said: SaidState | undefined
  /** When its newest batch was taken. */
  batchMs: number | undefined
  /** It is connected, and may do nothing but ask for a new certificate. */
  mayOnlyRenew: boolean
  /** Newest ledger head it holds, as it says: compared with the ledger, and never written down. */
  witness: SignedHead | null
}

/** How every host stands, in memory; written down now and then, so that it is known after a restart too. */
export interface Standings {
  of(host: string): Standing | undefined
  all(): Iterable<[host: string, standing: Standing]>
  /** It is connected. `written` is what it said last as far as that was written down, by a console before this one too. */
  enter(host: string, entry: Entry): void
  heard(host: string): void
  /** True when the state of a source changed. */
  says(host: string, state: State): boolean
  tookBatch(host: string): void
  /** Why it will be silent from now on. */
  farewell(host: string, why: Farewell): void
  /** It is connected no more. `how` the connection ended, unless the console ended it. */
  leave(host: string, how: Lost | undefined): void
  /** The clock of the console was set, or it slept: all that was heard is as long ago as it was before. */
  shift(ms: number): void
  flush(): Promise<void>
  close(): Promise<void>
}

interface Entry {
  hello: Hello
  mayOnlyRenew: boolean
  receivedMs: number
  written: SaidState | undefined
}

interface Kept extends Standing {
  hello: Hello
  /** Only since when its sources are not well is taken from it: the rest is as old as the console was away. */
  written: SaidState | undefined
  isDirty: boolean
}

interface StandingsOptions {
  store: Store
  log: Logger
  flushMs: number
  now(): number
}

export function openStandings({ store, log, flushMs, now }: StandingsOptions): Standings {
  const known = new Map<string, Kept>()
  let writing = Promise.resolve()

  const writeAll = async () => {
    const dirty = [...known].filter(([, { isDirty }]) => isDirty)
    if (dirty.length === 0) return
    for (const [, kept] of dirty) kept.isDirty = false
    try {
      await store.transaction().execute(async (tx) => {
        for (const [host, kept] of dirty)
          await tx.updateTable('host').set(toColumns(kept)).where('id', '=', host).execute()
      })
    } catch (cause) {
      // On a full disk the ledger is what matters: these are written when there is room.
      for (const [, kept] of dirty) kept.isDirty = true
      log.warn({ err: cause }, 'how hosts stand could not be written down yet')
    }
  }
  const flush = () => {
    writing = writing.then(writeAll)
    return writing
  }
  const timer = setInterval(() => void flush(), flushMs).unref()
  const touch = (host: string, change: (kept: Kept) => void) => {
    const kept = known.get(host)
    if (kept === undefined) return
    change(kept)
    kept.isDirty = true
  }

  return {
    of: (host) => known.get(host),
    all: () => known,
    enter(host, { hello, mayOnlyRenew, receivedMs, written }) {
      const { said, batchMs } = known.get(host) ?? {}
      const clockOffsetMs = offsetOf(hello, receivedMs)
      const heard = { said, batchMs, clockOffsetMs, heardMs: now(), connectedMs: now(), witness: hello.witness }
      known.set(host, { ...heard, isConnected: true, farewell: null, mayOnlyRenew, hello, written, isDirty: true })
      void flush()
    },
    heard: (host) => touch(host, (kept) => Object.assign(kept, { heardMs: now() })),
    says(host, { type: _type, witness, ...state }) {
      const kept = known.get(host)
      const before = kept?.said ?? kept?.written
      const since = sinceOf(state, before, new Date(now()).toISOString())
      touch(host, (kept) => {
        kept.said = { ...state, since }
        kept.witness = witness
        kept.clockOffsetMs = state.clockOffsetMs ?? kept.clockOffsetMs
      })
      return JSON.stringify(before?.since) !== JSON.stringify(since) || before?.sources.length !== state.sources.length
    },
    tookBatch: (host) => touch(host, (kept) => Object.assign(kept, { batchMs: now() })),
    farewell: (host, why) => touch(host, (kept) => Object.assign(kept, { farewell: why })),
    leave(host, how) {
      touch(host, (kept) => Object.assign(kept, { isConnected: false, farewell: kept.farewell ?? how ?? null }))
      void flush()
    },
    shift(ms) {
      for (const [host, { heardMs, connectedMs, batchMs }] of known)
        touch(host, (kept) => {
          kept.heardMs = heardMs + ms
          kept.connectedMs = connectedMs + ms
          kept.batchMs = batchMs === undefined ? undefined : batchMs + ms
        })
    },
    flush,
    close() {
      clearInterval(timer)
      return flush()
    },
  }
}

/** What a host said last, as column `last_state` holds it: undefined where it has not said anything yet. */
export function writtenState({ last_state }: { last_state: string | null }): SaidState | undefined {
  // Written by `openStandings` alone.
  return last_state === null ? undefined : (JSON.parse(last_state) as SaidState)
}

/** Until the host has measured it: off by the time the message took. Null where the host gives no time that exists. */
function offsetOf({ sentAt }: Hello, receivedMs: number): number | null {
  const ms = Date.parse(sentAt) - receivedMs
  return Number.isFinite(ms) ? Math.round(ms) : null
}

/** A source that is not well keeps the time since which it is, as long as its state stays the same. */
function sinceOf(
  { sources }: Omit<SaidState, 'since'>,
  before: SaidState | undefined,
  at: string,
): Record<string, string> {
  const states = new Map(before?.sources.map(({ id, state }) => [id, state]))
  const ill = sources.filter(({ state }) => state !== 'ok')
  return Object.fromEntries(ill.map(({ id, state }) => [id, states.get(id) === state ? (before?.since[id] ?? at) : at]))
}

function toColumns({ hello, heardMs, farewell, clockOffsetMs, said }: Kept) {
  return {
    name: label(hello.name),
    os: label(hello.os),
    platform: label(hello.platform),
    agent: label(hello.agent),
    last_seen_at: new Date(heardMs).toISOString(),
    clock_offset_ms: clockOffsetMs,
    ...(said !== undefined && { last_state: JSON.stringify(said) }),
    farewell,
  }
}
