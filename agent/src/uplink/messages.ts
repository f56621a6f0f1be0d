import {
  type AgentMessage,
  type EarlierChain,
  protocolVersion,
  SignedHead,
  type SourceState,
} from '@tidewaiter/protocol'
import { capStates } from '../cap-states.ts'
import type { Spool } from '../spool/spool.ts'
import { taskCounterOf } from '../tasks.ts'
import { version } from '../version.ts'
import { clockOffset } from './clock-offset.ts'
import type { UplinkOptions } from './uplink.ts'

/** First message of a connection: who, and where the chain stands. */
export function helloOf({ host, spool }: UplinkOptions, sentAt: string): AgentMessage {
  const earlier = earlierOf(spool)
  return {
    type: 'hello',
    version: protocolVersion,
    agent: version,
    name: host.name.slice(0, 200),
    os: host.os.slice(0, 200),
    platform: host.platform,
    bootId: host.bootId.slice(0, 200),
    tip: spool.chain()?.tip ?? null,
    oldestSeq: spool.oldestSeq(),
    acked: spool.ackedSeq(),
    witness: witnessOf(spool),
    ...(earlier.length > 0 && { earlier }),
    taskCounter: taskCounterOf(spool),
    sentAt,
  }
}

function earlierOf(spool: Pick<Spool, 'endedChains' | 'ackedSeq'>): EarlierChain[] {
  return spool
    .endedChains()
    .flatMap(({ no, certificate, ...chain }) =>
      certificate === null ? [] : [{ ...chain, certificate, acked: spool.ackedSeq(no) }],
    )
}

/** How sources, spool and agent stand. */
export function stateOf({ spool, budget, states }: UplinkOptions): AgentMessage {
  const { cpuPercent, rssBytes } = budget.load()
  const { batches, bytes, unacked } = spool.usage()
  return {
    type: 'state',
    sources: withinFrame(states()),
    spool: { batches, bytes, unacked },
    clockOffsetMs: clockOffset(spool)?.ms ?? null,
    cpuPercent,
    rssBytes,
    caps: capStates({ budget, spool }),
    witness: witnessOf(spool),
  }
}

/** The newest head an acknowledgement brought. */
function witnessOf(spool: Pick<Spool, 'recall'>): SignedHead | null {
  return spool.recall('witness', SignedHead) ?? null
}

const most = { sources: 2_000, bytes: 400_000 }

/**
 * As many sources as one message may tell of, those that are not well first; one more says how many are left out. What
 * they are stands in the headers of batches all the same.
 */
export function withinFrame(states: readonly SourceState[]): SourceState[] {
  if (fits(states)) return [...states]
  const told: SourceState[] = []
  let bytes = 0
  for (const state of [...states].sort((a, b) => Number(a.state === 'ok') - Number(b.state === 'ok'))) {
    bytes += bytesOf(state)
    if (told.length + 1 >= most.sources || bytes > most.bytes) break
    told.push(state)
  }
  const why = `${states.length - told.length} more sources of this host are not told of here (those that are not well come first): they are more than one message holds.`
  return [...told, { id: 'agent:state', state: 'failed', why, fix: 'Follow fewer files, or name those that matter.' }]
}

function fits(states: readonly SourceState[]): boolean {
  return states.length <= most.sources && states.reduce((sum, state) => sum + bytesOf(state), 0) <= most.bytes
}

function bytesOf(state: SourceState): number {
  return Buffer.byteLength(JSON.stringify(state)) + 1
}
