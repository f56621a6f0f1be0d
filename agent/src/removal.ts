import type { DataFolder } from './data-folder.ts'
import type { Host } from './host.ts'

/** Left in the data folder by who takes the agent off this machine, before it is stopped. */
const mark = 'uninstalling'
/** How often an agent that runs looks for it. */
const lookMs = 2_000

export function isBeingRemoved(folder: Pick<DataFolder, 'has'>): boolean {
  return folder.has(mark)
}

/** An agent that runs on the folder ends, and says goodbye for good. */
export function askToLeave(folder: DataFolder): void {
  folder.write(mark, '')
}

/** What was asked is over: whoever starts an agent on the folder wants it there. */
export function stay(folder: DataFolder): void {
  if (folder.has(mark)) folder.remove(mark)
}

/** Resolves when the agent is to leave, or with the signal. */
export async function askedToLeave(
  host: Pick<Host, 'sleep'>,
  folder: Pick<DataFolder, 'has'>,
  signal: AbortSignal,
): Promise<undefined> {
  while (!signal.aborted && !isBeingRemoved(folder)) await host.sleep(lookMs, signal)
  return undefined
}
