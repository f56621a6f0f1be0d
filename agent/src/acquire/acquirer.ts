import type { Ask, Policy } from '@tidewaiter/protocol'
import type { Host } from '../host.ts'

/** What an acquirer may take of the machine for one task. What is over a limit is told as left out, by name. */
export interface AcquireLimits {
  /** Of one artifact, and of all of the task together. */
  artifactBytes: number
  taskBytes: number
  /** Artifacts of one task. */
  artifacts: number
  /** Folders below the one that was asked for. */
  depth: number
}

/** What an acquirer works with. */
export interface Acquiring {
  host: Host
  /** Aborts when the task is cancelled or late, or the agent ends: to be looked at before every step that takes time. */
  signal: AbortSignal
  limits: AcquireLimits
  /** In force now: paths that are found only on the way are to be asked for as well. */
  policy(): Policy
  /** To be awaited before every piece that is read: holds the agent to its caps. */
  pace(): Promise<void>
}

/** One file-like object, to be stored as its bytes come. */
export interface Artifact {
  /** The path, or what stands for one: `process/812/memory`, `capture/any.pcap`. Names it in record and screen. */
  path: string
  /** What stands in the announcing record beside hash and size: times, owner, mode, method, filter. */
  about: Readonly<Record<string, unknown>>
  /**
   * Its bytes, in pieces of at most `pieceBytes`, each used up before the next is asked for: one buffer may serve for all.
   * It is iterated in any case, so that what it holds open is closed. A throw ends this artifact: nothing of it is kept, and the task goes on with the next.
   */
  content: AsyncIterable<Uint8Array>
  /** Asked when all bytes were read, for what is known only then: `changedDuringRead`, packets dropped. */
  after?(): Promise<Readonly<Record<string, unknown>>>
}

/** Something that was in the scope of the task and is not had: named and counted, never passed over. */
export interface LeftOut {
  path: string
  why: string
}

export type Acquired = Artifact | LeftOut

/** Pieces are small: the agent holds few of them at a time. */
export const pieceBytes = 64 * 1024

type AskOf<Kind extends Ask['kind']> = Extract<Ask, { kind: Kind }>

/**
 * Answers tasks of one kind. A plain object: it gives what it finds one after the other, and whoever runs it reads the
 * content of each before the next is asked for, hashes it, stores it, has it announced in the chain and sends it.
 * Throws a `Refusal` where the task cannot be done at all.
 */
export interface Acquirer<Kind extends Ask['kind'] = Ask['kind']> {
  kind: Kind
  platforms: readonly NodeJS.Platform[]
  /** Where it was seen to work: a machine that was there, or a page it was written from. */
  provenOn: readonly string[]
  acquire(ask: AskOf<Kind>, acquiring: Acquiring): AsyncIterable<Acquired>
}

export function isArtifact(acquired: Acquired): acquired is Artifact {
  return 'content' in acquired
}
