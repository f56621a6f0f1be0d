import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ChunkMeter, check, checkArtifact, chunkCount, chunkLength, fromHex, limits, Offer } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import Type, { type Static } from 'typebox'
import { isRefusal, refuse } from '../error.ts'
import { syncFolder } from '../keys/folder.ts'
import { artifactKey, chunkOverhead, newArtifactKey, openChunk, sealChunk } from './cipher.ts'
import { hasRoom, isDiskFull } from './disk.ts'

/**
 * Artifacts beside the segments, one file each by content: a line of JSON, then the chunks in their order, each
 * encrypted and bound to its artifact, number and whether it is the last. A file without its whole content ends in
 * `.part`, and is of one host alone, since its root is under that host's salts.
 */
const Head = Type.Object({ tw: Type.Literal('artifact/1'), ...Offer.properties, key: Type.String({ maxLength: 200 }) })
type Head = Static<typeof Head>

const mostHeadBytes = 2048

export interface Artifacts {
  /** How much of it is durable. Throws `disk-full`. */
  begin(offer: Offer): Promise<{ isHeld: boolean; next: number }>
  /**
   * Appends a chunk; durable when this returns, with what is wanted next. The last one is taken only when all of them
   * come to what was offered.
   * @throws `artifact-wrong` (nothing of it is kept then), `disk-full`
   */
  append(offer: Offer, chunk: { number: number; bytes: Uint8Array }): Promise<{ isHeld: boolean; next: number }>
  has(sha256: string): boolean
  /** Its bytes. Throws `not-found`, `payload-unreadable`. */
  read(sha256: string): Promise<{ size: number; bytes: AsyncIterable<Uint8Array> }>
}

export interface ArtifactsOptions {
  /** Of the ledger. */
  dir: string
  masterKey: Uint8Array
}

/** Names of the artifacts that are held whole. */
export function heldArtifacts(dir: string): string[] {
  const folder = join(dir, folderName)
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name)) : []
}

/** Where one lies that is held whole. */
export function artifactFile(dir: string, sha256: string): string {
  return join(dir, folderName, sha256)
}

const folderName = 'artifacts'

/** What is open of one that arrives. */
interface Arriving {
  head: Head
  headBytes: number
  meter: ChunkMeter
  next: number
  /** A chunk is on its way to the disk: a second connection of the same host may not put in another. */
  isBusy?: boolean
}

export function openArtifacts({ dir, masterKey }: ArtifactsOptions): Artifacts {
  const folder = join(dir, folderName)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const arriving = new Map<string, Arriving>()
  const whole = (sha256: string) => join(folder, sha256)
  const partOf = ({ sha256, chunkRoot }: Offer) => join(folder, `${sha256}.${chunkRoot.slice(0, 16)}.part`)
  const has = (sha256: string) => /^[0-9a-f]{64}$/.test(sha256) && existsSync(whole(sha256))

  const finish = async (offer: Offer, { meter }: Arriving) => {
    const part = partOf(offer)
    arriving.delete(part)
    try {
      checkArtifact(meter.end(), offer)
    } catch (cause) {
      await rm(part, { force: true })
      throw cause
    }
    if (has(offer.sha256)) await rm(part, { force: true })
    else await rename(part, whole(offer.sha256))
    syncFolder(folder)
    return { isHeld: true, next: chunkCount(offer.size) }
  }
  return {
    has,
    async begin(offer) {
      const count = chunkCount(offer.size)
      if (has(offer.sha256)) return { isHeld: true, next: count }
      const part = partOf(offer)
      if (!(await hasRoom(folder, offer.size))) throw full()
      const one = arriving.get(part) ?? (await orFull(() => takeUp(part, offer, masterKey)))
      arriving.set(part, one)
      return one.next === count ? finish(offer, one) : { isHeld: false, next: one.next }
    },
    async append(offer, { number, bytes }) {
      const part = partOf(offer)
      const one = arriving.get(part)
      if (one === undefined || one.isBusy === true || number !== one.next)
        return { isHeld: false, next: one?.next ?? 0 }
      if (bytes.length !== chunkLength(offer.size, number))
        throw refuse('artifact-wrong', `Chunk ${number} of ${offer.sha256} has ${bytes.length} bytes.`)
      one.isBusy = true
      await orFull(() => write(part, one, bytes, masterKey)).catch((cause: unknown) => {
        // How much of it is there is looked at anew.
        arriving.delete(part)
        throw cause
      })
      one.meter.add(bytes)
      one.next += 1
      one.isBusy = false
      return one.next === chunkCount(offer.size) ? finish(offer, one) : { isHeld: false, next: one.next }
    },
    async read(sha256) {
      if (!has(sha256)) throw refuse('not-found', `There is no artifact ${sha256} here.`)
      return readWhole(whole(sha256), masterKey)
    },
  }
}

function full(cause?: unknown) {
  return refuse('disk-full', 'The volume of the ledger has no room for this artifact.', { cause })
}

async function orFull<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    throw isDiskFull(cause) ? full(cause) : cause
  }
}

/** Begins a file, or goes on after the last whole chunk of one that is there. */
async function takeUp(part: string, offer: Offer, masterKey: Uint8Array): Promise<Arriving> {
  const meter = new ChunkMeter(nodePrimitives, fromHex(offer.seed) ?? new Uint8Array(0))
  const found = existsSync(part) ? await resume(part, { meter, offer, masterKey }) : undefined
  if (found !== undefined) return found
  const { wrapped } = newArtifactKey(masterKey, offer.sha256)
  const head: Head = { tw: 'artifact/1', ...offer, key: Buffer.from(wrapped).toString('base64') }
  const line = Buffer.from(`${JSON.stringify(head)}\n`)
  const file = await open(part, 'w', 0o600)
  try {
    await file.write(line)
    await file.sync()
  } finally {
    await file.close()
  }
  return { head, headBytes: line.length, meter, next: 0 }
}

/** Undefined where the file was not begun whole, or is not what it should be: it begins anew then. */
async function resume(
  part: string,
  { meter, offer, masterKey }: { meter: ChunkMeter; offer: Offer; masterKey: Uint8Array },
): Promise<Arriving | undefined> {
  const file = await open(part, 'r+')
  try {
    const { head, headBytes } = await readHead(file)
    if (head.chunkRoot !== offer.chunkRoot || head.size !== offer.size || head.seed !== offer.seed) return undefined
    let next = 0
    for await (const chunk of chunksIn(file, { head, headBytes, masterKey, bytes: statSync(part).size })) {
      meter.add(chunk)
      next += 1
    }
    await file.truncate(headBytes + placeOf(next))
    return { head, headBytes, meter, next }
  } catch (cause) {
    if (isRefusal(cause) && cause.code === 'payload-unreadable') return undefined
    throw cause
  } finally {
    await file.close()
  }
}

/** Where a chunk stands behind the head: all before it are full. */
function placeOf(chunk: number): number {
  return chunk * (limits.chunk + chunkOverhead)
}

async function readHead(file: FileHandle): Promise<{ head: Head; headBytes: number }> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(mostHeadBytes), 0, mostHeadBytes, 0)
  const end = buffer.subarray(0, bytesRead).indexOf(10)
  const head = parse(buffer.subarray(0, Math.max(0, end)).toString())
  if (!check(Head, head)) throw refuse('payload-unreadable', 'An artifact of the ledger has no head that can be read.')
  return { head, headBytes: end + 1 }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface Opening {
  head: Head
  headBytes: number
  masterKey: Uint8Array
  bytes: number
}

/** Chunks that are there whole. Throws `payload-unreadable` for one that does not open. */
async function* chunksIn(file: FileHandle, { head, headBytes, masterKey, bytes }: Opening): AsyncIterable<Uint8Array> {
  const { sha256, size } = head
  const key = artifactKey(masterKey, Buffer.from(head.key, 'base64'), sha256)
  const count = chunkCount(size)
  for (let number = 0; number < count; number++) {
    const length = chunkLength(size, number) + chunkOverhead
    const at = headBytes + placeOf(number)
    if (at + length > bytes) return
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, at)
    yield openChunk(key, buffer, { sha256, number, isLast: number === count - 1 })
  }
}

async function write(part: string, { head, headBytes, next }: Arriving, bytes: Uint8Array, masterKey: Uint8Array) {
  const key = artifactKey(masterKey, Buffer.from(head.key, 'base64'), head.sha256)
  const isLast = next === chunkCount(head.size) - 1
  const sealed = sealChunk(key, bytes, { sha256: head.sha256, number: next, isLast })
  const file = await open(part, 'r+')
  try {
    await file.write(sealed, 0, sealed.length, headBytes + placeOf(next))
    await file.sync()
  } finally {
    await file.close()
  }
}

async function readWhole(path: string, masterKey: Uint8Array) {
  const file = await open(path, 'r')
  try {
    const { head, headBytes } = await readHead(file)
    const opening = { head, headBytes, masterKey, bytes: statSync(path).size }
    return { size: head.size, bytes: measured(file, opening) }
  } catch (cause) {
    await file.close()
    throw cause
  }
}

/** Content that comes to what was offered, or throws at its end. */
async function* measured(file: FileHandle, opening: Opening): AsyncIterable<Uint8Array> {
  const meter = new ChunkMeter(nodePrimitives, fromHex(opening.head.seed) ?? new Uint8Array(0))
  try {
    for await (const chunk of chunksIn(file, opening)) {
      meter.add(chunk)
      yield chunk
    }
    checkArtifact(meter.end(), opening.head)
  } finally {
    await file.close()
  }
}
