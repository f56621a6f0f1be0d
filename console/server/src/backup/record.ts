import { userInfo } from 'node:os'
import { join } from 'node:path'
import { recordAlone } from '../people/audit.ts'
import { openStore } from '../store/store.ts'

/** Who runs this command, as the audit log names it. */
export function account(): string {
  return `os:${userInfo().username}`
}

/** A line in the audit log of a console that is not running, in the data folder that the caller holds. */
export async function record(data: string, act: string, details: Record<string, unknown>): Promise<void> {
  const store = await openStore({ file: join(data, 'console.db') })
  try {
    await recordAlone(store, { who: account(), at: new Date().toISOString(), act, data: details })
  } finally {
    await store.destroy()
  }
}
