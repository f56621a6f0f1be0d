import { type FileHandle, open } from 'node:fs/promises'
import { errnoOf } from '../error.ts'
import type { Host, ProcessMemory } from '../host.ts'

/** A page may lie behind a program that does not give it (userfaultfd(2), FUSE): so long nobody waits. */
const patienceMs = 5_000

/**
 * Opens /proc/<pid>/mem (proc_pid_mem(5)). What hangs keeps a thread of the pool until the process ends, and the pool has
 * two (`packaging/runtime.ts`): while one hangs, no other is opened.
 */
export function newMemoryOpener(): Host['openMemory'] {
  let inUse = 0
  return async (pid) => {
    if (inUse > 0) return 'failed'
    inUse += 1
    try {
      return toMemory(await open(`/proc/${pid}/mem`, 'r'), () => {
        inUse -= 1
      })
    } catch (cause) {
      inUse -= 1
      const errno = errnoOf(cause)
      return errno === 'ENOENT' ? 'missing' : errno === 'EACCES' || errno === 'EPERM' ? 'not-permitted' : 'failed'
    }
  }
}

function toMemory(file: FileHandle, closed: () => void): ProcessMemory {
  let last: Promise<unknown> = Promise.resolve()
  return {
    async read(into, at) {
      const answer = readAt(file, into, at)
      last = answer
      let giveUp: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        giveUp = setTimeout(() => reject(new Error('reading it does not end')), patienceMs)
      })
      return Promise.race([answer, late]).finally(() => clearTimeout(giveUp))
    },
    close() {
      void last.then(() => file.close()).finally(closed)
    },
  }
}

async function readAt(file: FileHandle, into: Uint8Array, at: number): Promise<number | undefined> {
  try {
    return (await file.read(into, 0, into.length, at)).bytesRead
  } catch {
    return undefined
  }
}
