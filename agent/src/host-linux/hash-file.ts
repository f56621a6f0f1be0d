import { createHash } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { errnoOf } from '../error.ts'
import type { FileHash } from '../host.ts'

/** Programs of a machine are some hundred; what is larger than this is no program. */
const mostKept = 4_096
const mostBytes = 1024 ** 3
const stepBytes = 128 * 1024

/**
 * Hashes files and keeps what it found as long as device, inode, size and times stay. One file at a time and in steps:
 * a step is a fraction of a millisecond of work, then others have their turn.
 */
export function newFileHasher(): (path: string) => Promise<FileHash> {
  const kept = new Map<string, FileHash>()
  let buffer: Buffer | undefined
  let last: Promise<unknown> = Promise.resolve()

  async function hash(path: string): Promise<FileHash> {
    // A pipe or device must not even be opened.
    const before = await stat(path, { bigint: true })
    if (!before.isFile()) return { why: 'not a file' }
    const known = kept.get(keyOf(before))
    if (known !== undefined) return known
    if (before.size > mostBytes) return { why: 'larger than 1 GiB' }
    const file = await openUnseen(path)
    try {
      const found = await file.stat({ bigint: true })
      const key = keyOf(found)
      if (!found.isFile()) return { why: 'not a file' }
      buffer ??= Buffer.allocUnsafeSlow(stepBytes)
      const sha256 = await digest(file, { size: Number(found.size), buffer })
      if (keyOf(await file.stat({ bigint: true })) !== key) return { why: 'changed while it was read' }
      keep(key, { sha256 })
      return { sha256 }
    } finally {
      await file.close()
    }
  }

  function keep(key: string, found: FileHash): void {
    const [oldest] = kept.keys()
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest)
    kept.set(key, found)
  }

  return (path) => {
    const answer = last.then(() => hash(path)).catch((cause: unknown) => ({ why: whyOf(cause) }))
    last = answer
    return answer
  }
}

function keyOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`
}

/** Reading evidence should not change its access time. Only the owner, and root with CAP_FOWNER, may ask for that. */
async function openUnseen(path: string): Promise<FileHandle> {
  const carefully = constants.O_RDONLY | constants.O_NONBLOCK
  try {
    return await open(path, carefully | constants.O_NOATIME)
  } catch (cause) {
    if (errnoOf(cause) !== 'EPERM') throw cause
    return open(path, carefully)
  }
}

async function digest(file: FileHandle, { size, buffer }: { size: number; buffer: Buffer }): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) break
    hash.update(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
  return hash.digest('hex')
}

function whyOf(cause: unknown): string {
  switch (errnoOf(cause)) {
    case 'ENOENT':
      return 'gone'
    case 'EACCES':
    case 'EPERM':
      return 'not permitted'
    default:
      return 'not readable'
  }
}
