import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refuse } from '../error.ts'
import type { Judgement } from './bag-text.ts'

/** Tag files are read whole; larger ones are not judged. */
const tagFileBytes = 64 * 1024 * 1024
const mostFiles = 1_000_000

/** The files of a bag, by their path in it with `/`. */
export interface BagFolder {
  path: string
  hasPayload: boolean
  /** Files beside the payload, in the root. */
  tagFiles: readonly string[]
  payload: readonly string[]
  /** The path as it is on disk of one in normal form C; undefined when there is none. */
  find(normal: string): string | undefined
  /** Undefined when there is no such file. */
  read(tagFile: string): Promise<Uint8Array | undefined>
  /** Of the payload. */
  size(): Promise<{ bytes: number; count: number }>
}

/** Lists a bag. Links and what is no file are errors of the bag: they could lead anywhere. Throws `file-unreadable`. */
export async function openBagFolder(dir: string, judgement: Judgement): Promise<BagFolder> {
  const files = await listFiles(dir, judgement)
  // Names that differ in how a letter is composed are one name on some systems.
  const byNormal = new Map(files.map((path) => [path.normalize(), path]))
  const payload = files.filter((path) => path.startsWith('data/'))
  const stats = await lstat(join(dir, 'data')).catch(() => undefined)
  return {
    path: dir,
    hasPayload: stats?.isDirectory() === true,
    tagFiles: files.filter((path) => !path.includes('/')),
    payload,
    find: (normal) => byNormal.get(normal),
    read: (tagFile) => readBagFile(dir, tagFile, judgement),
    async size() {
      let bytes = 0
      for (const path of payload) bytes += (await lstat(join(dir, path))).size
      return { bytes, count: payload.length }
    },
  }
}

/**
 * A tag file in the root of a bag; undefined when there is none, or when it is no file or too large, which is an error of
 * the bag. Throws `file-unreadable` when the folder itself cannot be read.
 */
export async function readBagFile(dir: string, name: string, { errors }: Judgement): Promise<Uint8Array | undefined> {
  await readdir(dir).catch((cause) => {
    throw refuse('file-unreadable', `${dir} is not a folder that can be read.`, { cause })
  })
  const file = join(dir, name)
  const stats = await lstat(file).catch(() => undefined)
  if (stats === undefined) return undefined
  if (stats.isFile() && stats.size <= tagFileBytes) return readFile(file)
  errors.push(
    `${name}: ${stats.isFile() ? `${stats.size} bytes are more than is read of a tag file` : 'is a link or no file'}`,
  )
  return undefined
}

async function listFiles(dir: string, judgement: Judgement): Promise<string[]> {
  const files: string[] = []
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(dir, folder), { withFileTypes: true }).catch((cause) => {
      throw refuse('file-unreadable', `${join(dir, folder ?? '')} is not a folder that can be read.`, { cause })
    })
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isFile()) files.push(path)
      else judgement.errors.push(`${path}: is a link or no file`)
    }
    if (files.length > mostFiles) throw refuse('file-unreadable', `${dir} has more than ${mostFiles} files.`)
  }
  return files.sort()
}
