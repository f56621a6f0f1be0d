import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { lockName } from '../claim-folder.ts'
import { type DataFolder, type HeldFolder, holdDataFolder, isHeld, lookInto } from '../data-folder.ts'
import { refuse } from '../error.ts'
import type { Host } from '../host.ts'
import { readEnrolment } from '../identity.ts'
import { askToLeave, stay } from '../removal.ts'
import { readStatus } from '../status.ts'
import { type Common, type Surroundings, withData, withJson } from './command.ts'
import { entry, print, printJson } from './output.ts'

interface Options extends Common {
  yes?: true
  keepData?: true
  discard?: true
}

/** So long a running agent has to seal and send what it holds. */
const patienceMs = 90_000
const lookMs = 500

const help = `
A running agent seals and sends what it holds, says goodbye for good, and ends
within a minute and a half. Then its key, its enrolment and its spool are removed.
Evidence the console has stays there, and an admin revokes the host on its page.
What the console has not taken is not thrown away: then the data stays, unless
--discard says otherwise. Configuration under /etc/tidewaiter stays.

Exit codes: 0 removed, 1 problem found, 2 usage, 3 needs admin.`

export function uninstall(program: Command, surroundings: Surroundings): void {
  const command = program.command('uninstall').description('stop the agent for good and remove its data')
  withJson(withData(command, surroundings))
    .option('--yes', 'do it: nothing is asked')
    .option('--keep-data', 'leave key, enrolment and spool where they are')
    .option('--discard', 'remove the data also where the console has not taken all of it')
    .addHelpText('after', help)
    .action(async ({ data, json, ...options }: Options) => {
      const folder = lookInto(resolve(data))
      const { host } = readEnrolment(folder)
      if (options.yes !== true)
        throw refuse(
          'usage',
          `This stops collection on ${hostname()} for good and removes ${folder.path}. Say so with --yes.`,
        )
      const left = await leave(folder, options, surroundings.openHost())
      if (json === true) printJson({ host, ...left })
      else for (const line of describe(folder.path, left)) print(line)
      if (!left.removed && options.keepData !== true) surroundings.exitWith(1)
    })
}

interface Left {
  /** An agent ran, and ended. */
  stopped: boolean
  removed: boolean
  /** Batches the console has not acknowledged. */
  unacked: number
}

/** Throws `data-folder-in-use` where an agent goes on running: another account's, or one that hangs. */
async function leave(folder: DataFolder, { keepData, discard }: Omit<Options, 'data'>, host: Host): Promise<Left> {
  const stopped = isHeld(folder.path)
  askToLeave(folder)
  const endMs = host.steady() + patienceMs
  while (isHeld(folder.path) && host.steady() < endMs) await host.sleep(lookMs)
  let held: HeldFolder
  try {
    held = holdDataFolder(folder.path)
  } catch (cause) {
    stay(folder)
    throw cause
  }
  try {
    const unacked = readStatus(folder)?.status.spool.unacked ?? 0
    const removed = keepData !== true && (unacked === 0 || discard === true)
    if (removed) empty(held)
    else stay(folder)
    return { stopped, removed, unacked }
  } finally {
    held.release()
  }
}

/** The key first: what else is left by a sudden death is nothing without it. The lock last: until then it is held. */
function empty(folder: HeldFolder): void {
  const rank = (name: string) => (name.startsWith('host-key') ? 0 : name === lockName ? 2 : 1)
  for (const name of folder.names().sort((a, b) => rank(a) - rank(b))) folder.remove(name)
}

function describe(path: string, { stopped, removed, unacked }: Left): string[] {
  const wait = `${unacked} ${unacked === 1 ? 'batch' : 'batches'} the console has not taken`
  const agent = entry({ label: 'Agent', says: stopped ? 'has ended' : 'was not running', outcome: 'ok' })
  if (removed)
    return [
      agent,
      entry({
        label: 'Data',
        says: `key, enrolment and spool are removed from ${path}${unacked > 0 ? `, with ${wait}` : ''}`,
        outcome: unacked > 0 ? 'note' : 'ok',
      }),
      entry({ label: 'Console', says: 'has what it was sent. An admin revokes the host there, on its page.' }),
    ]
  const fix = 'Start the agent until all is sent and do this again, or give --discard.'
  return [
    agent,
    entry({ label: 'Data', says: `stays in ${path}`, outcome: 'ok' }),
    ...(unacked > 0
      ? [entry({ label: '', says: wait, outcome: 'PROBLEM' }), entry({ label: '', says: `Fix: ${fix}` })]
      : []),
  ]
}
