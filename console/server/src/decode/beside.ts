import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { refuse } from '../error.ts'
import { type Blocks, Broken, guarded, peek } from './blocks.ts'
import type { Beside, Decoder } from './decoder.ts'
import { openHashed } from './file-bytes.ts'
import { inflate, isGzip } from './inflate.ts'

/** All files that belong to one are held as a whole: logs of hives have some ten megabytes. */
const mostBytes = 256 * 1024 * 1024

/** Files that lie in the folder of `path` under the names that the decoder gives, in their order. */
export async function pathsBeside(path: string, names: NonNullable<Decoder['beside']>): Promise<string[]> {
  const isPacked = path.endsWith('.gz')
  const wanted = names(basename(path, isPacked ? '.gz' : undefined)).map((name) => name.toLowerCase())
  const folder = dirname(path)
  const found = await readdir(folder).catch(() => [])
  const nameOf = (name: string) => wanted.indexOf(name.toLowerCase().replace(/\.gz$/, ''))
  return found
    .filter((name) => nameOf(name) >= 0)
    .sort((a, b) => nameOf(a) - nameOf(b))
    .map((name) => join(folder, name))
}

/** gzip is read through, as it is for the file itself. Throws `file-unreadable` for what cannot be read, or held. */
export async function readBeside(paths: readonly string[]): Promise<Beside[]> {
  const files: Beside[] = []
  let left = mostBytes
  for (const path of paths) {
    const file = await readOne(path, left)
    left -= file.bytes.length
    files.push(file)
  }
  return files
}

async function readOne(path: string, most: number): Promise<Beside> {
  const file = await openHashed(path)
  try {
    const bytes = await allOf(file.blocks(), most)
    if (bytes !== undefined) return { name: basename(path), prefix: file.sha256, bytes }
    throw refuse('file-unreadable', `${path} and what belongs with it are longer than 256 MiB.`)
  } catch (cause) {
    throw cause instanceof Broken ? refuse('file-unreadable', `${path}: ${cause.message}`, { cause }) : cause
  } finally {
    await file.close()
  }
}

/** Undefined for more bytes than `most`. */
async function allOf(blocks: Blocks, most: number): Promise<Buffer | undefined> {
  const outer = await peek(guarded(blocks), 1024)
  const held: Buffer[] = []
  let bytes = 0
  for await (const block of isGzip(outer.sample) ? inflate(outer.all) : outer.all) {
    bytes += block.length
    if (bytes > most) return undefined
    held.push(Buffer.from(block))
  }
  return Buffer.concat(held)
}
