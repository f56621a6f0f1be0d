import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** What SQLite and the system say when a volume is full, failing, or was made read-only because it failed. */
const fullCodes = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_CANTOPEN',
  'SQLITE_READONLY',
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EROFS',
])

export function isDiskFull(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && fullCodes.has(String(cause.code))
}

const reserveShare = 0.02
const reserveMost = 64 * 1024 * 1024

/** True while the volume has room beyond a reserve, which is left to the people who must sign in and free some. */
export async function hasRoom(dir: string, bytes: number): Promise<boolean> {
  const { bavail, blocks, bsize } = await statfs(dir)
  return bavail * bsize > bytes + Math.min(reserveMost, blocks * bsize * reserveShare)
}

/** Bytes of the files in a folder, and of its volume: those that are free, and all. */
export interface Space {
  bytes: number
  freeBytes: number
  volumeBytes: number
}

export async function spaceOf(dir: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(dir)
  const sizes = await Promise.all((await readdir(dir)).map((name) => sizeOf(join(dir, name))))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return { bytes, freeBytes: bavail * bsize, volumeBytes: blocks * bsize }
}

/** 0 for a file that went away while we looked, as logs of SQLite do. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}
