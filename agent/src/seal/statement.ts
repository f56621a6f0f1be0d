import { type Loss, SignedHead, type Statement } from '@tidewaiter/protocol'
import type { Host } from '../host.ts'
import type { Chain } from '../spool/chains.ts'
import type { Spool } from '../spool/spool.ts'
import { toTime } from '../time.ts'
import { clockOffset } from '../uplink/clock-offset.ts'
import { version } from '../version.ts'
import type { Content } from './waiting.ts'

/** What the header of the next batch of a chain says, beside what follows from its payload. */
export function statementOf(
  { sources, lost, fromMs, toMs }: Content,
  { host, spool, chain, owed }: { host: Host; spool: Pick<Spool, 'recall'>; chain: Chain; owed: readonly Loss[] },
): Statement {
  const nowMs = host.now()
  const { tip, lineage } = chain
  return {
    host: chain.host,
    seq: (tip?.seq ?? 0) + 1,
    prev: tip?.headerHash ?? null,
    ...(tip === null && lineage !== undefined && { lineage }),
    agent: version,
    bootId: host.bootId.slice(0, 200),
    zone: host.zone.slice(0, 200),
    utcOffset: host.utcOffset(),
    clockOffset: clockOffset(spool),
    from: toTime(fromMs ?? nowMs),
    to: toTime(toMs ?? nowMs),
    sealedAt: toTime(nowMs),
    sources,
    lost: [...lost, ...owed],
    witness: spool.recall('witness', SignedHead) ?? null,
  }
}
