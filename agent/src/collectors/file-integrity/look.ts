import { createHash } from 'node:crypto'
import type { FileFacts, Host } from '../../host.ts'
import { aboutOf } from '../system-file.ts'
import type { Seen } from './baseline.ts'

const most = { bytes: 1024 ** 3, link: 4_096 }
/** Read at once. */
export const stepBytes = 64 * 1024
/** After so much of a large file others have their turn: 80 MB/s at most. */
const stride = { bytes: 4 * 1024 * 1024, pauseMs: 50 }
/** Files whose digest is not for others: private keys by custom, and what holds passwords. Their times and inode tell of a change. */
const secret = /^(?:id_[a-z0-9_]+|ssh_host_\w+_key|privkey.*\.pem|.*\.key|g?shadow-?)$/

export interface Looking {
  host: Host
  signal: AbortSignal
  /** Room for what is read: one for each file would scatter megabytes that nobody gives back. */
  room: Buffer
}

/** What a name is by what can be seen without reading it. A folder changes with every name in it: that is told of the name. */
export function stampOf({ kind, dev, ino, mode, uid, gid, size, modifiedNs, changedNs }: FileFacts): string {
  const lasting = [kind, dev, ino, mode, uid, gid]
  return (kind === 'folder' ? lasting : [...lasting, size, modifiedNs, changedNs]).join(':')
}

/**
 * Looks at a name whose facts are known, and reads it where it is a file. Links are not followed. Undefined where the
 * agent stopped before all of it was read.
 */
export async function lookAt(looking: Looking, path: string, facts: FileFacts): Promise<Seen | undefined> {
  const { mode, uid, gid, size, mtime, ctime } = aboutOf(facts)
  const about = { type: facts.kind, mode, uid, gid, device: facts.dev, inode: facts.ino }
  const content = await contentOf(looking, path, facts)
  if (content === undefined) return undefined
  const more = facts.kind === 'folder' ? {} : { size, mtime, ctime, ...content }
  return { stamp: stampOf(facts), row: JSON.stringify({ ...about, ...more }) }
}

async function contentOf(looking: Looking, path: string, facts: FileFacts): Promise<object | undefined> {
  if (facts.kind === 'link') return { target: looking.host.linkNow(path)?.slice(0, most.link) }
  if (facts.kind !== 'file') return {}
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (secret.test(name) || path.includes('/private/')) return { sha256Why: 'its digest is nobody’s business' }
  if (facts.size > most.bytes) return { sha256Why: 'larger than 1 GiB' }
  return digestOf(looking, path, facts)
}

/** Of the very file that was looked at: one that took its place, or was written to meanwhile, is looked at again. */
async function digestOf({ host, signal, room }: Looking, path: string, facts: FileFacts): Promise<object | undefined> {
  const file = await host.open(path)
  if (typeof file === 'string') return { sha256Why: file }
  try {
    const digest = createHash('sha256')
    for (let at = 0; at < facts.size; ) {
      const got = await file.read(room, at)
      if (got === 0) break
      digest.update(room.subarray(0, got))
      at += got
      if (at % stride.bytes === 0) await host.sleep(stride.pauseMs, signal)
      if (signal.aborted) return undefined
    }
    const { dev, ino, size, modifiedNs } = await file.stat()
    const isSame = dev === facts.dev && ino === facts.ino && size === facts.size && modifiedNs === facts.modifiedNs
    return isSame ? { sha256: digest.digest('hex') } : { sha256Why: 'changed while it was read' }
  } finally {
    await file.close()
  }
}
