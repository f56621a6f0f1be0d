import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { errnoOf } from './error.ts'

/**
 * Makes a folder for this account alone, and those above it. Node's own way never ends where the system says that a
 * folder is missing although it is there (`/proc`). Throws what the system says.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (cause) {
    const code = errnoOf(cause)
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    const above = dirname(path)
    if (code !== 'ENOENT' || statSync(above, { throwIfNoEntry: false }) !== undefined) throw cause
    makeFolder(above)
    mkdirSync(path, { mode: 0o700 })
  }
}
