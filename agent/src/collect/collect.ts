import {
  type CollectedSource,
  type CollectionOpening,
  type CollectionProfile,
  kinStatement,
  type Policy,
  sealOpening,
  toBase64,
  toPart,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { newBell } from '../bell.ts'
import type { Collector } from '../collectors/collector.ts'
import { factsOf } from '../collectors/facts.ts'
import { lookInto } from '../data-folder.ts'
import { isAgentRefusal, saysOf } from '../error.ts'
import type { Host } from '../host.ts'
import { compileHotLoops } from '../hot-loops.ts'
import { type HostKey, newHostKey, readIdentity } from '../identity.ts'
import { newOwnRecords } from '../own-records.ts'
import { Sealer } from '../seal/sealer.ts'
import { toTime } from '../time.ts'
import { version } from '../version.ts'
import { CollectionChain } from './chain.ts'
import { closing } from './closing.ts'
import { createOutFile } from './out-file.ts'
import { passes } from './passes.ts'
import type { Bounds } from './profile.ts'
import { newTally } from './tally.ts'

/** Told what is read, while it is read. */
export interface Progress {
  begins(collector: Collector): void
  /** So many bytes of it came by now. */
  moves(collector: Collector, bytes: number): void
  ends(collector: Collector, what: { bytes: number; records: number; failed?: string }): void
}

export interface CollectOptions {
  host: Host
  collectors: readonly Collector[]
  /** What the host's own configuration says: it narrows what is read. */
  config: Policy
  profile: CollectionProfile
  /** What the profile comes to now. */
  bounds: Bounds
  /** Of the new file. */
  path: string
  recipients: readonly Uint8Array[]
  /** Data folder of an agent that may be enrolled here: its key then says that this is its machine. */
  data: string
  progress: Progress
}

export interface Collected {
  /** Id of the host that the collection is. */
  host: string
  bytes: number
  sha256: string
  batches: number
  records: number
  complete: boolean
  why?: string
  /** The agent enrolled here signed for it. */
  kin?: string
  sources: CollectedSource[]
}

/**
 * Reads everything once into one new file, sealed as an agent seals, under a key that is made for this file and kept
 * nowhere. When it is stopped, or the drive is full or gone, what was written is whole as far as it goes.
 * @throws `collection-unwritable` where nothing could be written
 */
export async function collect(options: CollectOptions, stop: AbortSignal): Promise<Collected> {
  const { host, path, recipients, profile } = options
  const key = newHostKey()
  const sign = (data: Uint8Array) => nodePrimitives.signP256(key.privateKey, data)
  const file = createOutFile(path, recipients)
  const opening = openingOf(options, key)
  file.write(toPart(sealOpening(opening, sign)))

  const broken = new AbortController()
  let failure: Error | undefined
  const chain = new CollectionChain(file, key, (cause) => {
    failure ??= cause
    broken.abort()
  })
  const sealer = new Sealer({ host, spool: chain, key: () => key, changed: newBell(host), burst: compileHotLoops })
  const own = newOwnRecords({ host, sealer })
  const tally = newTally(olderThan(options))
  const signal = AbortSignal.any([stop, broken.signal])
  const { host: id, name, os, startedAt, agent } = opening
  await own.note('agent:run', 'collection-began', { profile, host: id, name, os, startedAt, agent }, { signal })
  await own.note('agent:run', 'collectors', { collectors: factsOf(options.collectors, host.platform) }, { signal })
  await passes({ ...options, sealer, own, tally }, signal)
  const why = stop.aborted ? 'It was stopped by a signal before it came to its end.' : undefined
  const sources = tally.all(chain.sources())
  let sha256: string | undefined
  try {
    await closing({ host, key, file, chain, sealer, own, signal: broken.signal }, { sources, why })
    if (failure === undefined) sha256 = file.end()
  } catch (cause) {
    if (!isAgentRefusal(cause)) throw cause
    failure = cause
  }
  return {
    host: id,
    sha256: sha256 ?? file.giveUp(),
    bytes: file.bytes(),
    batches: chain.tip?.seq ?? 0,
    records: chain.records,
    complete: failure === undefined && why === undefined,
    ...reasonOf(failure, why),
    ...(opening.kin && { kin: opening.kin.host }),
    sources,
  }
}

function olderThan({ collectors, bounds: { sinceMs } }: CollectOptions) {
  const streams = new Set(collectors.filter(({ every }) => every === undefined).map(({ id }) => id))
  return { since: Number.isFinite(sinceMs) ? toTime(sinceMs) : undefined, streams }
}

function reasonOf(failure: Error | undefined, why: string | undefined): { why?: string } {
  const says = failure === undefined ? why : saysOf(failure)
  return says === undefined ? {} : { why: says }
}

function openingOf({ host, profile, data }: CollectOptions, key: HostKey): CollectionOpening {
  const startedAt = toTime(host.now())
  const kin = kinOf(data, { host: key.host, startedAt })
  return {
    tw: 'collection/1',
    host: key.host,
    publicKey: toBase64(key.publicKey),
    name: host.name.slice(0, 200),
    os: host.os.slice(0, 200),
    platform: host.platform,
    agent: version,
    profile,
    startedAt,
    ...(kin && { kin }),
  }
}

/** Undefined where no agent is enrolled, or this account may not use its key. */
function kinOf(data: string, of: { host: string; startedAt: string }): CollectionOpening['kin'] {
  try {
    const { key } = readIdentity(lookInto(data))
    const signature = nodePrimitives.signP256(key.privateKey, kinStatement(of))
    return { host: key.host, publicKey: toBase64(key.publicKey), signature: toBase64(signature) }
  } catch (cause) {
    if (isAgentRefusal(cause)) return undefined
    throw cause
  }
}
