import { type Ask, Refusal } from '@tidewaiter/protocol'
import type { Bell } from '../bell.ts'
import type { Budget } from '../budget.ts'
import { saysOf } from '../error.ts'
import type { Host } from '../host.ts'
import type { OwnRecords } from '../own-records.ts'
import type { PolicyInForce } from '../policy-in-force.ts'
import type { Sealer } from '../seal/sealer.ts'
import {
  type Acquired,
  type AcquireLimits,
  type Acquiring,
  type Artifact,
  isArtifact,
  type LeftOut,
} from './acquirer.ts'
import { acquirers } from './index.ts'
import type { ArtifactStore } from './store.ts'

export interface Progress {
  task: string
  artifacts: number
  bytes: number
}

export interface AcquireOptions {
  host: Host
  budget: Pick<Budget, 'paceWork'>
  sealer: Pick<Sealer, 'seal'>
  own: OwnRecords
  policy: PolicyInForce
  artifacts: ArtifactStore
  /** What the store may take of the disk now. */
  roomBytes(): number
  changed: Bell
  /** Told after each artifact. */
  progress(done: Progress): void
}

const acquireLimits: AcquireLimits = {
  artifactBytes: 512 * 1024 ** 2,
  taskBytes: 2 * 1024 ** 3,
  artifacts: 10_000,
  depth: 32,
}
/** Of what was left out so many are named in the answer; the others are counted. */
const mostNamed = 500
const lookMs = 10_000
/** Artifacts that wait for the console at a time: each costs a look at its file when room is counted. */
const mostWaiting = 200

/** What a task has come to; it stands in its sealed answer. */
export interface Done {
  artifacts: number
  bytes: number
  leftOut: number
  /** The first of them. */
  notHad: readonly LeftOut[]
  failed?: string
}

/** Undefined where no acquirer of this agent answers such a task on this machine. */
export function acquirerOf(ask: Ask, { platform }: Pick<Host, 'platform'>) {
  return acquirers.find(({ kind, platforms }) => kind === ask.kind && platforms.includes(platform))
}

/** Acquires what is asked, one artifact after the other: bytes durable, announced in the chain, then sent. */
export async function acquire(
  { id, ask }: { id: string; ask: Ask },
  options: AcquireOptions,
  signal: AbortSignal,
): Promise<Done | undefined> {
  const acquirer = acquirerOf(ask, options.host)
  if (acquirer === undefined) return undefined
  const { host, budget, policy } = options
  const acquiring: Acquiring = {
    host,
    signal,
    limits: acquireLimits,
    policy: policy.now,
    pace: () => budget.paceWork(signal),
  }
  // The kind of the acquirer is that of the ask: it was found by it.
  const found = acquirer.acquire(ask as never, acquiring)
  return gather(found, { id, options, signal })
}

interface Gathering {
  id: string
  options: AcquireOptions
  signal: AbortSignal
}

async function gather(found: AsyncIterable<Acquired>, gathering: Gathering): Promise<Done> {
  const notHad: LeftOut[] = []
  const done = { artifacts: 0, bytes: 0, leftOut: 0, notHad }
  const leaveOut = (one: LeftOut) => {
    done.leftOut += 1
    if (notHad.length < mostNamed) notHad.push({ path: one.path.slice(0, 4096), why: one.why.slice(0, 500) })
  }
  const add = async (one: Artifact) => {
    const kept = await keep(one, done.bytes, gathering)
    if ('why' in kept) return leaveOut(kept)
    done.artifacts += 1
    done.bytes += kept.size
    gathering.options.progress({ task: gathering.id, artifacts: done.artifacts, bytes: done.bytes })
  }
  try {
    for await (const one of found) {
      if (isArtifact(one)) await add(one)
      else leaveOut(one)
      const { artifacts, taskBytes } = acquireLimits
      if (done.artifacts >= artifacts || done.bytes >= taskBytes)
        return {
          ...done,
          failed: `a task takes ${artifacts} artifacts and ${taskBytes} bytes at most: the rest is not had`,
        }
    }
    return done
  } catch (cause) {
    if (!gathering.signal.aborted && !(cause instanceof Refusal)) throw cause
    return { ...done, failed: gathering.signal.aborted ? reasonOf(gathering.signal) : saysOf(cause) }
  }
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Refusal ? reason.says : 'the agent ended'
}

/** Stores one and has it announced; or says why it is not had. */
async function keep(
  artifact: Artifact,
  before: number,
  { id, options, signal }: Gathering,
): Promise<{ size: number } | LeftOut> {
  const { artifacts, own, sealer, changed } = options
  const { path, about } = artifact
  try {
    const room = (bytes: { ofArtifact: number; inAll: number }) => untilRoom(bytes, before, { options, signal })
    const offer = await artifacts.take(artifact.content, { task: id, room })
    const after = (await artifact.after?.()) ?? {}
    const { task: _, ...measured } = offer
    await own.note('agent:artifact', 'artifact', { task: id, path, ...measured, ...about, ...after }, { signal })
    await sealer.seal({ withSilent: true, signal })
    signal.throwIfAborted()
    artifacts.announce(offer)
    changed.ring()
    return { size: offer.size }
  } catch (cause) {
    if (signal.aborted) throw cause
    return { path, why: saysOf(cause) }
  }
}

/** Waits while what was acquired before is on its way. */
async function untilRoom(
  { ofArtifact, inAll }: { ofArtifact: number; inAll: number },
  before: number,
  { options, signal }: Omit<Gathering, 'id'>,
): Promise<void> {
  const { artifacts, changed, roomBytes } = options
  if (ofArtifact > acquireLimits.artifactBytes)
    throw new Error(`too-large: the limit is ${acquireLimits.artifactBytes} bytes`)
  if (before + ofArtifact > acquireLimits.taskBytes)
    throw new Error(`too-much: the limit of a task is ${acquireLimits.taskBytes} bytes`)
  const isFull = (held: number) => held > roomBytes() || artifacts.announced().length >= mostWaiting
  for (let held = inAll; isFull(held); held = artifacts.bytes() + ofArtifact) {
    if (ofArtifact > roomBytes() || artifacts.announced().length === 0)
      throw new Error(`no-room: the agent may keep ${Math.max(0, roomBytes())} bytes of artifacts on this disk`)
    await changed.wait(lookMs, signal)
    signal.throwIfAborted()
  }
}
