import { allowancesFor } from '@tidewaiter/protocol'
import { aboutOf, toNanoTime } from '../collectors/system-file.ts'
import type { FileStat, OpenFile } from '../host.ts'
import { type Acquired, type Acquiring, pieceBytes } from './acquirer.ts'

/** Two readings of one file agree that it stood still. */
function isSame(a: FileStat, b: FileStat): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.modifiedNs === b.modifiedNs
}

/**
 * A file by its path, read to the size it had when it was opened: one that grows faster than it is read has an end too.
 * No link is followed out of scope, neither in the last part nor on the way: what is read has this very path.
 */
export async function readFile(path: string, acquiring: Acquiring): Promise<Acquired> {
  const { host, limits, policy } = acquiring
  const missing = allowancesFor(path, { isFolder: false }).filter((kind) => !policy().allow?.includes(kind))
  if (missing.length > 0) return { path, why: `not allowed on this host: ${missing.join(', ')}` }
  const facts = await host.facts(path)
  if (facts === undefined) return { path, why: 'missing' }
  if (facts.kind !== 'file') return { path, why: facts.kind === 'link' ? `link: ${path}` : 'not-a-file' }
  if (facts.size > limits.artifactBytes)
    return { path, why: `too-large: ${facts.size} bytes, the limit is ${limits.artifactBytes}` }
  const file = await host.open(path)
  if (typeof file === 'string') return { path, why: file }
  // Asked of the open file: a folder on the way may have become a link since anybody looked.
  const real = file.realPath()
  if (real !== path) {
    await file.close()
    return { path, why: `link: leads to ${real ?? 'a place that cannot be told'}` }
  }
  const before = await file.stat()
  return {
    path,
    about: { method: 'file', ...aboutOf(facts), dev: before.dev, ino: before.ino, links: before.links },
    content: contentOf(file, before.size, acquiring),
    // The file is closed by then: its name tells whether it is still the one that was read.
    after: async () => changeOf(before, await host.stat(path)),
  }
}

function changeOf(before: FileStat, after: FileStat | undefined): Record<string, unknown> {
  if (after !== undefined && isSame(before, after)) return { changedDuringRead: false }
  const now = after === undefined ? null : { size: after.size, mtime: toNanoTime(after.modifiedNs), ino: after.ino }
  return { changedDuringRead: true, afterRead: now }
}

async function* contentOf(file: OpenFile, size: number, { signal, pace }: Acquiring): AsyncIterable<Uint8Array> {
  const piece = Buffer.alloc(pieceBytes)
  try {
    for (let at = 0; at < size; ) {
      await pace()
      signal.throwIfAborted()
      const got = await file.read(piece.subarray(0, Math.min(pieceBytes, size - at)), at)
      // It was cut while it was read: `after` tells.
      if (got === 0) return
      yield piece.subarray(0, got)
      at += got
    }
  } finally {
    await file.close()
  }
}
