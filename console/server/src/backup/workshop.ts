import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { refuse } from '../error.ts'

/** What a restore puts in place, in this order: a console is there when its ledger is. */
export const restoredParts = ['keys', 'packages', 'console.db', 'ledger'] as const

/** Where a restore works, inside the data folder: what is in it is of no use to anybody else. */
export function workshopOf(data: string): string {
  return join(data, 'restoring')
}

/** Throws `restore-unfinished` for a data folder in which a restore died. */
export function refuseUnfinished(data: string): void {
  if (existsSync(workshopOf(data)))
    throw refuse('restore-unfinished', `A restore into ${data} was cut off before it was complete.`)
}

const lockFiles = ['lock.db', 'lock.json', 'lock.db-journal']

/** Throws `folder-in-use` unless there is nothing in it but the lock, and what a restore that died has left. */
export async function refuseUsed(data: string): Promise<void> {
  const names = await readdir(data)
  const left = names.includes('restoring') ? ['restoring', ...restoredParts] : []
  const other = names.find((name) => ![...lockFiles, ...left].includes(name))
  if (other !== undefined) throw refuse('folder-in-use', `${data} is not empty: ${other} is in it.`)
}

/** Removes what a restore has made. While its workshop is there no console starts here, so it goes last. */
export async function clear(data: string): Promise<void> {
  if (!existsSync(workshopOf(data))) return
  for (const part of restoredParts) await rm(join(data, part), { recursive: true, force: true })
  await rm(workshopOf(data), { recursive: true, force: true })
}
