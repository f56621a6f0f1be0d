import { type CollectedSource, type CollectionEnd, collectionSource, sealEnd, toPart } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Host } from '../host.ts'
import type { HostKey } from '../identity.ts'
import type { OwnRecords } from '../own-records.ts'
import type { Sealer } from '../seal/sealer.ts'
import { toTime } from '../time.ts'
import type { CollectionChain } from './chain.ts'
import type { OutFile } from './out-file.ts'

interface Closing {
  host: Host
  key: HostKey
  file: Pick<OutFile, 'write'>
  chain: CollectionChain
  sealer: Sealer
  own: OwnRecords
  /** Aborts when the file takes nothing more. */
  signal: AbortSignal
}

interface Ended {
  sources: CollectedSource[]
  /** Why it is not complete. */
  why: string | undefined
}

/** What the last part of a file may hold of sources: far below the bound of a part. */
const mostSourceBytes = 3 * 1024 * 1024
const mostSources = 5000

/**
 * Seals what came of every source, a record each, and then the end: without it the file counts as cut off.
 * @throws `collection-unwritable`
 */
export async function closing(
  { host, key, file, chain, sealer, own, signal }: Closing,
  { sources, why }: Ended,
): Promise<void> {
  for (const source of sources) await own.note('agent:run', 'collected', { source }, { signal })
  const complete = why === undefined
  await own.note(collectionSource, 'collection-ended', { complete, ...(!complete && { why }) }, { signal })
  await sealer.seal({ withSilent: true, signal })
  if (signal.aborted) return
  const told = fitting(sources)
  const end: CollectionEnd = {
    tw: 'collection-end/1',
    host: key.host,
    batches: chain.tip?.seq ?? 0,
    records: chain.records,
    newest: chain.tip?.headerHash ?? null,
    endedAt: toTime(host.now()),
    complete,
    ...(!complete && { why }),
    sources: told,
    leftOut: sources.length - told.length,
  }
  file.write(toPart(sealEnd(end, (data) => nodePrimitives.signP256(key.privateKey, data))))
}

function fitting(sources: readonly CollectedSource[]): CollectedSource[] {
  let bytes = 0
  return sources.slice(0, mostSources).filter((source) => {
    bytes += Buffer.byteLength(JSON.stringify(source)) + 1
    return bytes <= mostSourceBytes
  })
}
