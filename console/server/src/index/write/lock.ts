import { DatabaseSync } from 'node:sqlite'

const patienceMs = 60_000

/**
 * Holds the files of one writer for this process. A console that was killed may leave its writer behind for the rest of
 * a transaction; the next one waits. The lock is the operating system's, so it ends with the process.
 */
export function lockWriter(file: string): () => void {
  const lock = new DatabaseSync(file, { timeout: patienceMs })
  lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  return () => lock.close()
}
