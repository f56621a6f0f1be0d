import { randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { ChunkMeter, check, chunkLength, limits, Offer, toHex } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { DataFolder } from '../data-folder.ts'
import { errnoOf, refuse } from '../error.ts'
import { parseJson } from '../json.ts'

const prefix = 'artifact-'
const unfinished = `${prefix}unfinished`
const nameOf = (sha256: string) => `${prefix}${sha256}`
const offerOf = (sha256: string) => `${nameOf(sha256)}.json`

/** Artifacts this host has acquired and the console does not hold yet, in the data folder beside the spool. */
export interface ArtifactStore {
  /** What they take of the disk. */
  bytes(): number
  /**
   * Reads content to its end; what it comes to is durable when this returns, and may be announced. The same bytes twice
   * are kept once.
   * @param room asked before every piece, with how many bytes would be held then: resolves when they may, rejects when never
   * @throws `spool-full`, and what `content` and `room` throw; nothing of it is kept then
   */
  take(
    content: AsyncIterable<Uint8Array>,
    given: { task: string; room(bytes: { ofArtifact: number; inAll: number }): Promise<void> },
  ): Promise<Offer>
  /** From now on it is sent: the record that announces it is sealed. */
  announce(offer: Offer): void
  /** Those that were announced, in the order of their names. */
  announced(): Offer[]
  /** One chunk; undefined when it is not there as it was taken. */
  read(offer: Offer, chunk: number): Promise<Uint8Array | undefined>
  drop(sha256: string): void
}

/** What artifacts in a folder take of its disk. */
export function bytesAcquired(folder: DataFolder): number {
  return folder.names().reduce((sum, name) => sum + (name.startsWith(prefix) ? folder.bytes(name) : 0), 0)
}

/** Takes up what is there. What was not announced when the agent died is removed: its task is answered as failed. `resized` is told when they take more or less. */
export function openArtifacts(folder: DataFolder, resized: () => void = () => {}): ArtifactStore {
  const held = new Map<string, { offer: Offer; isAnnounced: boolean }>()
  for (const name of folder.names().filter((each) => each.startsWith(prefix))) {
    const offer = name.endsWith('.json') ? parseJson(folder.read(name)?.toString() ?? '') : undefined
    if (check(Offer, offer) && name === offerOf(offer.sha256) && folder.bytes(nameOf(offer.sha256)) === offer.size)
      held.set(offer.sha256, { offer, isAnnounced: true })
  }
  for (const name of folder.names().filter((each) => each.startsWith(prefix)))
    if (![...held.keys()].some((sha256) => name === nameOf(sha256) || name === offerOf(sha256))) folder.remove(name)
  const bytes = () => [...held.values()].reduce((sum, { offer }) => sum + offer.size, 0)
  return {
    bytes,
    async take(content, { task, room }) {
      const offer = await written(folder, content, {
        task,
        room: (size) => room({ ofArtifact: size, inAll: bytes() + size }),
      })
      const known = held.get(offer.sha256)
      if (known !== undefined) {
        folder.remove(unfinished)
        return known.offer
      }
      folder.rename(unfinished, nameOf(offer.sha256))
      held.set(offer.sha256, { offer, isAnnounced: false })
      resized()
      return offer
    },
    announce(offer) {
      if (!folder.has(offerOf(offer.sha256))) folder.write(offerOf(offer.sha256), JSON.stringify(offer))
      held.set(offer.sha256, { offer, isAnnounced: true })
    },
    announced: () => [...held.values()].flatMap(({ offer, isAnnounced }) => (isAnnounced ? [offer] : [])),
    read: (offer, chunk) => readChunk(join(folder.path, nameOf(offer.sha256)), offer, chunk),
    drop(sha256) {
      // Its offer first: bytes without one are removed at the next start, and nothing is offered that is gone.
      folder.remove(offerOf(sha256))
      folder.remove(nameOf(sha256))
      held.delete(sha256)
      resized()
    },
  }
}

interface Writing {
  task: string
  room(bytes: number): Promise<void>
}

async function written(folder: DataFolder, content: AsyncIterable<Uint8Array>, writing: Writing): Promise<Offer> {
  const seed = randomBytes(32)
  const file = await open(join(folder.path, unfinished), 'w', 0o600)
  try {
    const measured = await copy(content, { file, meter: new ChunkMeter(nodePrimitives, seed), room: writing.room })
    await file.sync()
    return { task: writing.task, ...measured, seed: toHex(seed) }
  } catch (cause) {
    folder.remove(unfinished)
    const errno = errnoOf(cause)
    if (errno === 'ENOSPC' || errno === 'EDQUOT')
      throw refuse('spool-full', 'The volume of the data folder has no room for this artifact.', { cause })
    throw cause
  } finally {
    await file.close()
  }
}

type Copying = Pick<Writing, 'room'> & { file: FileHandle; meter: ChunkMeter }

/** Cuts pieces into chunks as they come. */
async function copy(content: AsyncIterable<Uint8Array>, { file, meter, room }: Copying) {
  const chunk = Buffer.alloc(limits.chunk)
  let filled = 0
  let size = 0
  const flush = async () => {
    meter.add(chunk.subarray(0, filled))
    await file.write(chunk, 0, filled)
    filled = 0
  }
  for await (const piece of content) {
    size += piece.length
    await room(size)
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + limits.chunk - filled)
      chunk.set(part, filled)
      filled += part.length
      at += part.length
      if (filled === limits.chunk) await flush()
    }
  }
  if (filled > 0) await flush()
  return meter.end()
}

async function readChunk(path: string, { size }: Offer, number: number): Promise<Uint8Array | undefined> {
  const length = chunkLength(size, number)
  try {
    const file = await open(path, 'r')
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, number * limits.chunk)
      return bytesRead === length ? buffer : undefined
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}
