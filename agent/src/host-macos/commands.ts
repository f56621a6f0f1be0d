import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { refuse } from '../error.ts'
import type { Host } from '../host.ts'
import { answerOf, output } from '../host-linux/commands.ts'

/** Where macOS keeps its own programs, on the volume that nobody writes to; `socketfilterfw` lies in the last one. */
const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/libexec/ApplicationFirewall']
/** Texts and dates of C, letters in UTF-8; times in UTC, so that those without a zone are known. */
const env = { PATH: folders.join(':'), LC_CTYPE: 'en_US.UTF-8', TZ: 'UTC' }
const startMs = 5_000

function fileOf(command: string): string | undefined {
  return folders
    .map((folder) => join(folder, command))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

function programOf(name: string, args: readonly string[]) {
  const file = fileOf(name)
  return file === undefined ? undefined : { name, file, args, timeZone: 'UTC', env }
}

/** The programs of the system, which answer in UTC. */
export const commands: Pick<Host, 'has' | 'run' | 'ask'> = {
  has: (command) => fileOf(command) !== undefined,
  run(name, args, signal) {
    const program = programOf(name, args)
    if (program === undefined) throw refuse('command-failed', `There is no ${name} on this machine.`)
    return output(program, signal)
  },
  async ask(name, args, { limit, signal }) {
    const program = programOf(name, args)
    return program === undefined ? { why: `${name} is not installed` } : answerOf(program, { limit, signal })
  },
}

/** What a program says at once, at start, before anything else runs; empty where it says nothing. */
export function askNow(name: string, args: readonly string[]): string {
  const file = fileOf(name)
  if (file === undefined) return ''
  const { stdout, status } = spawnSync(file, args, { env, timeout: startMs, maxBuffer: 64 * 1024, encoding: 'utf8' })
  return status === 0 ? stdout : ''
}
