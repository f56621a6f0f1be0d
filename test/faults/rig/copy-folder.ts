import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What a kill leaves of a folder of databases: one moment of it, though threads may be writing while we look. The index
 * of a log (`-shm`) is memory, and dies with its process.
 */
export function copyFolder(from: string, to: string): void {
  for (let copied = ''; copied !== sizesIn(from); ) {
    copied = sizesIn(from)
    rmSync(to, { recursive: true, force: true })
    mkdirSync(to, { mode: 0o700 })
    for (const name of namesIn(from)) copy(join(from, name), join(to, name))
  }
}

/** Every commit makes a log longer, and one that was moved into its database becomes empty. */
function sizesIn(folder: string): string {
  return JSON.stringify(
    namesIn(folder).map((name) => [name, statSync(join(folder, name), { throwIfNoEntry: false })?.size]),
  )
}

function namesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.endsWith('-shm'))
}

/** Read and written: a copy by the system never ends when the file is cut meanwhile. */
function copy(from: string, to: string): void {
  try {
    writeFileSync(to, readFileSync(from), { mode: 0o600 })
  } catch (cause) {
    // Removed since it was listed: the copy is made again.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
  }
}
