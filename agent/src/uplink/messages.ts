import { type AgentMessage, type EarlierChain, mostEarlier, protocolVersion, SignedHead } from '@tidewaiter/protocol'
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
    .slice(0, mostEarlier)
}

/** How sources, spool and agent stand. */
export function stateOf({ spool, budget, states }: UplinkOptions): AgentMessage {
  const { cpuPercent, rssBytes } = budget.load()
  const { batches, bytes, unacked } = spool.usage()
  return {
    type: 'state',
    sources: states().slice(0, 2000),
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
