import { isOfAgent, type SourceState } from '@tidewaiter/protocol'
import type { Budget } from './budget.ts'
import { capStates } from './cap-states.ts'
import { type Jump, newClockWatch } from './clock-watch.ts'
import type { DataFolder } from './data-folder.ts'
import { causeAndFix } from './error.ts'
import type { Host } from './host.ts'
import type { Identity } from './identity.ts'
import type { OwnRecords } from './own-records.ts'
import type { Sealer } from './seal/sealer.ts'
import { newSourceRecord } from './source-record.ts'
import type { Spool } from './spool/spool.ts'
import { spareOn } from './spool/volume.ts'
import { type Status, uplinkSource, writeStatus } from './status.ts'
import { toTime } from './time.ts'
import { moveOffset } from './uplink/clock-offset.ts'
import { placeOf } from './uplink/tls.ts'
import type { Link } from './uplink/uplink.ts'
import { newUseRecord } from './use-record.ts'

const everyMs = 10_000
/** Every so many beats the agent says that it had nothing to say. */
const aliveBeats = 6

export interface PulseOptions {
  host: Host
  folder: DataFolder
  spool: Spool
  own: OwnRecords
  sealer: Sealer
  budget: Budget
  link: Link
  /** When this agent began to run. */
  startedAt: string
  /** The configuration it was given by name. */
  configFile?: string | undefined
  identity(): Identity
  states(): SourceState[]
}

/**
 * Leaves the status where `tidewaiter-agent status` finds it, and writes down what the clocks of the machine give away,
 * until the signal aborts.
 */
export async function keepPulse(options: PulseOptions, signal: AbortSignal): Promise<void> {
  const { host, folder, spool, own, link } = options
  const clocks = newClockWatch(host)
  const tellUse = newUseRecord(options)
  const tellSources = newSourceRecord(options)
  for (let beat = 1; !signal.aborted; beat++) {
    spool.trimHistory(roomForHistory(spareOn(host.space(folder.path)), spool))
    leaveStatus(options)
    // Not with the first beat: then most sources were not asked yet.
    if (beat > 1) await tellSources(signal)
    if (beat % aliveBeats === 0) {
      await own.beAlive(signal)
      await tellUse(signal)
    }
    const wasConnected = link.isConnected
    // Soon after a start there is most to tell.
    for (
      let waited = 0;
      waited < everyMs && link.isConnected === wasConnected && !signal.aborted;
      waited += everyMs / 5
    )
      for (const jump of await clocks.sleep(everyMs / 5, signal)) await noteJump(jump, options, signal)
  }
}

async function noteJump(jump: Jump, { host, own, sealer, spool }: PulseOptions, signal: AbortSignal): Promise<void> {
  const { kind, ...what } = jump
  if (kind !== 'clock-step') return void (await own.note('agent:run', kind, what, { signal }))
  // What was read by the clock as it was is sealed with what was known of it.
  await sealer.seal({ withSilent: true, signal })
  moveOffset(spool, jump.ms, host)
  await own.note('agent:run', kind, what, { signal })
}

/** What the console has already is kept only where the volume can spare it. */
function roomForHistory(spareBytes: number, spool: Spool): number {
  const { bytes, unackedBytes } = spool.usage()
  return Math.max(0, bytes - unackedBytes + spool.unusedBytes() + spareBytes)
}

export function leaveStatus(options: PulseOptions): void {
  const { folder, host, startedAt, link, configFile } = options
  const status = statusOf(options)
  const named = configFile === undefined ? {} : { configFile }
  writeStatus(folder, { at: toTime(host.now()), startedAt, linkSince: link.since, ...named, status })
}

function statusOf({ spool, budget, link, identity, states }: PulseOptions): Status {
  const { batches, bytes, unacked } = spool.usage()
  const { cpuPercent, rssBytes } = budget.load()
  const lost = spool.lost()
  const { host, port } = placeOf(link.address)
  return {
    host: identity().key.host,
    console: `${host}:${port}`,
    connected: link.isConnected,
    lastAckAt: link.lastAckMs === undefined ? null : toTime(link.lastAckMs),
    spool: { batches, bytes, unacked },
    lost: lost.records,
    lostUncounted: lost.uncounted,
    cpuPercent,
    rssBytes,
    caps: capStates({ budget, spool }),
    sources: sourcesOf(spool, [...states(), ...uplinkState(link)]),
  }
}

/** What the agent itself says of its connection, in the form of a source. */
function uplinkState({ isConnected, problem }: Link): SourceState[] {
  if (isConnected || problem === undefined) return []
  const { cause, fix = '' } = causeAndFix(problem)
  const mend = problem.code === 'console-refused' ? askConsole : fix
  const goesOn = `${mend} The agent tries again by itself.`.trim()
  return [{ id: uplinkSource, state: 'failed', why: cause.slice(0, 500), fix: goesOn.slice(0, 500) }]
}

const askConsole =
  'Look at this host in the console. One that was revoked has to enrol anew: tidewaiter-agent enroll --again.'

/** Every source that is asked now by its id, and then the agent's own: the same order whenever it is asked. */
function sourcesOf(spool: Spool, states: readonly SourceState[]): Status['sources'] {
  const sealed = new Map(spool.sources().map((source) => [source.id, source]))
  const named = new Set(states.map(({ id }) => id))
  const own = [...sealed.keys()].filter((id) => isOfAgent(id) && !named.has(id))
  return [...states, ...own.map((id): SourceState => ({ id, state: 'ok' }))]
    .sort((a, b) => Number(isOfAgent(a.id)) - Number(isOfAgent(b.id)) || (a.id < b.id ? -1 : 1))
    .map((state) => ({
      ...state,
      records: sealed.get(state.id)?.records ?? 0,
      position: sealed.get(state.id)?.position ?? null,
    }))
}
