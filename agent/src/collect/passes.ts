import type { Policy } from '@tidewaiter/protocol'
import { attempt } from '../attempt.ts'
import type { Collector, From, History, Taken } from '../collectors/collector.ts'
import { refuse, saysOf } from '../error.ts'
import type { Host } from '../host.ts'
import type { OwnRecords } from '../own-records.ts'
import type { Sealer } from '../seal/sealer.ts'
import { toTime } from '../time.ts'
import type { Progress } from './collect.ts'
import { newPace } from './pace.ts'
import { type Bounds, byVolatility } from './profile.ts'
import type { Tally } from './tally.ts'

/** Longest wait for the next hand-over: of a volume that does not answer nothing else waits for ever. */
const passLimitMs = 2 * 60_000

export interface Passing {
  host: Host
  collectors: readonly Collector[]
  config: Policy
  bounds: Bounds
  sealer: Sealer
  own: OwnRecords
  tally: Tally
  progress: Progress
}

interface Paced extends Passing {
  pace(signal: AbortSignal): Promise<void>
}

const byConfig = {
  state: 'not-enabled',
  why: 'The configuration of this machine leaves it out.',
  fix: 'Name it under `sources` in /etc/tidewaiter/agent.yaml.',
} as const
const byStop = { state: 'not-read', why: 'The collection was stopped before its turn, or before its end.' } as const

/** Every collector once, one after the other; what each gave is sealed before the next. None of them stops the others. */
export async function passes(passing: Passing, signal: AbortSignal): Promise<void> {
  const { host, config, sealer, tally } = passing
  const pace = newPace(host, config)
  const own = passing.collectors.filter(({ platforms }) => platforms.includes(host.platform))
  for (const collector of byVolatility(own)) {
    if (config.sources?.includes(collector.id) === false) tally.leave(collector, byConfig)
    else if (signal.aborted) tally.leave(collector, byStop)
    else {
      await pass(collector, { ...passing, pace }, signal)
      await sealer.seal({ withSilent: true, signal })
    }
  }
}

async function pass(collector: Collector, passing: Paced, signal: AbortSignal): Promise<void> {
  const { host, sealer, own, tally, progress, bounds, pace } = passing
  let [bytes, records] = [0, 0]
  progress.begins(collector)
  const deliver = async (taken: Taken) => {
    tally.take(taken)
    if ('state' in taken) return
    if ('lost' in taken) return sealer.miss(taken, signal)
    bytes += taken.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0)
    records += taken.chunks.reduce((sum, chunk) => sum + chunk.lengths.length, 0)
    await pace(signal)
    await sealer.take(taken, { signal })
    progress.moves(collector, bytes)
    if (bytes > bounds.mostBytes) throw bounded(bounds)
  }
  const limitMs = Math.max(passLimitMs, collector.mayTakeMs ?? 0)
  const { failure } = await attempt(collector, { host, from: fromOf(passing), limitMs, deliver }, signal)
  if (failure !== undefined) {
    await noteGap(collector, failure.cause, { host, own, tally }, signal)
  } else if (signal.aborted) tally.leave(collector, byStop)
  progress.ends(collector, { bytes, records, ...(failure && { failed: saysOf(failure.cause) }) })
}

function bounded({ mostBytes }: Bounds) {
  return refuse(
    'collection-bounded',
    `It gave ${Math.round(mostBytes / 1e6)} MB, which is what a triage takes of one collector. Take --profile full.`,
  )
}

async function noteGap(
  collector: Collector,
  cause: unknown,
  { host, own, tally }: Pick<Passing, 'host' | 'own' | 'tally'>,
  signal: AbortSignal,
): Promise<void> {
  tally.fail(collector, cause)
  const code = cause instanceof Error && 'code' in cause ? String(cause.code).slice(0, 60) : 'unknown'
  const what = { collector: collector.id, code, says: saysOf(cause).slice(0, 500), until: toTime(host.now()) }
  await own.note('agent:gap', 'gap', { ...what, failures: 1 }, { signal })
}

function fromOf({ sealer, config, bounds }: Passing): From {
  return {
    position: (source) => sealer.positionOf(source),
    predecessor: (source) => sealer.predecessorOf(source),
    seenAtMs: (source) => sealer.seenAtMs(source),
    history: historyOf(sealer, bounds),
    once: bounds.once,
    files: config.files ?? [],
    integrity: config.integrity,
    ...(config.databases && { databases: config.databases }),
    takeFull: () => true,
    before: new Map(),
  }
}

function historyOf(sealer: Sealer, { sinceMs }: Bounds): History {
  return {
    sinceMs,
    placeOf(source) {
      const [position, backfill] = [sealer.positionOf(source), sealer.backfillOf(source)]
      return position && backfill && { position, backfill }
    },
    mayGoOn: () => true,
  }
}
