import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { errnoOf, refuse } from '../error.ts'
import { openSqlite } from './sqlite.ts'

type Holder = 'console' | 'command'

/** A command holds the folder for a moment: a console that is started then waits for it. */
const patienceMs = 20_000

/**
 * Holds a data folder for this process. The lock is the operating system's (an exclusive SQLite transaction), so it
 * ends with the process however that ends; `lock.json` only says who holds it. Throws `data-locked`.
 */
export async function lockData(folder: string, as: Holder): Promise<() => Promise<void>> {
  const lock = await openSqlite(join(folder, 'lock.db'), { busyMs: 0 })
  try {
    for (const endMs = Date.now() + patienceMs; ; await wait(100)) {
      const cause = await lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE').catch((failed) => failed)
      if (cause === undefined) break
      // Taking it writes a page: what a full disk says is no word about who holds it.
      if (errnoOf(cause) !== 'SQLITE_BUSY') throw cause
      const holder = await holderOf(folder)
      if (as === 'console' && holder.as === 'command' && Date.now() < endMs) continue
      throw refuse('data-locked', `${folder} is in use by ${holder.says}.`, { cause })
    }
  } catch (error) {
    await lock.close()
    throw error
  }
  const since = new Date().toISOString()
  await writeFile(join(folder, 'lock.json'), JSON.stringify({ pid: process.pid, as, since }))
  return () => lock.close()
}

async function holderOf(folder: string): Promise<{ as: unknown; says: string }> {
  try {
    // A file that was tampered with gives a wrong name, and a console that waits a little.
    const { pid, as, since } = JSON.parse(await readFile(join(folder, 'lock.json'), 'utf8')) as Record<string, unknown>
    return { as, says: `process ${String(pid)} since ${String(since)}` }
  } catch {
    return { as: undefined, says: 'another process' }
  }
}
