import { existsSync } from 'node:fs'
import { isRefusal, refuse } from '../error.ts'
import type { FileBeside } from './decoder.ts'
import { openHashed } from './file-bytes.ts'

/** They are held whole. A write-ahead log is cut back at a few MiB, a log of a registry hive is no longer than its hive. */
const mostBytes = 256 * 1024 * 1024

/** Those that were read, and what is wrong with those that lie there and were not. */
export interface Beside {
  files: FileBeside[]
  says: string[]
}

/** Reads the files whose names are that of `path` and one of the suffixes. Those that do not exist are left out. */
export async function filesBeside(path: string, suffixes: readonly string[]): Promise<Beside> {
  const beside: Beside = { files: [], says: [] }
  for (const suffix of suffixes) {
    const name = `${path}${suffix}`
    if (!existsSync(name)) continue
    try {
      beside.files.push(await readBeside(name, suffix))
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      beside.says.push(`It belongs to this file and was left out: ${cause.message}`)
    }
  }
  return beside
}

async function readBeside(path: string, suffix: string): Promise<FileBeside> {
  const file = await openHashed(path)
  try {
    const held: Buffer[] = []
    let bytes = 0
    for await (const block of file.blocks()) {
      held.push(Buffer.from(block))
      bytes += block.length
      if (bytes > mostBytes) throw refuse('file-unreadable', `${path} has more than 256 MiB.`)
    }
    return { suffix, prefix: file.sha256, bytes: Buffer.concat(held) }
  } finally {
    await file.close()
  }
}
