import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { directoryOf, endOfFile, localHeader, type StoredFile, toUtf8 } from '@tidewaiter/protocol'
import { type StagedFile, writeAll } from './stage.ts'

/** A file beside the payload, small enough to be held. */
export interface TagFile {
  path: string
  data: Uint8Array
}

export interface Packed {
  bytes: number
  /** Of the whole container, hex. */
  sha256: string
}

/**
 * Writes the one container that these files have (`protocol/package-format.md`) and makes it durable under a name that
 * is not yet the package's. @param root the folder all names are in
 */
export async function packInto(
  file: string,
  { root, payload, tags }: { root: string; payload: readonly StagedFile[]; tags: readonly TagFile[] },
  onWritten: (bytes: number) => void,
): Promise<Packed> {
  const handle = await open(file, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    const written: StoredFile[] = []
    let at = 0
    const write = async (data: Uint8Array) => {
      hash.update(data)
      await writeAll(handle, data)
      at += data.length
      onWritten(data.length)
    }
    for (const source of inOrder(root, payload, tags)) {
      const stored = { name: source.name, bytes: source.bytes, crc32: source.crc32, at }
      await write(localHeader(stored))
      for await (const piece of source.read()) await write(piece)
      if (at !== endOfFile(stored)) throw new Error(`${source.name} is not as long as it was when it was staged`)
      written.push(stored)
    }
    for (const piece of directoryOf(written)) await write(piece)
    await handle.sync()
    return { bytes: at, sha256: hash.digest('hex') }
  } finally {
    await handle.close()
  }
}

interface ToPack {
  name: string
  bytes: number
  crc32: number
  read(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

function inOrder(root: string, payload: readonly StagedFile[], tags: readonly TagFile[]): ToPack[] {
  const held = tags.map(({ path, data }) => ({ path, bytes: data.length, crc32: crc32(data), read: () => [data] }))
  return [...payload, ...held]
    .map(({ path, ...file }) => ({ name: `${root}/${path}`, ...file }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

export function toTagFile(path: string, text: string): TagFile {
  return { path, data: toUtf8(text) }
}
