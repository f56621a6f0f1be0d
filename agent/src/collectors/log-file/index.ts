import { follow } from '../../follow/follow.ts'
import { isLoginFile } from '../../follow/login-file.ts'
import { lines } from '../../follow/shape.ts'
import type { Collector, Standing } from '../collector.ts'
import { mostOfFolder, type UsualFiles, usualFiles } from './usual-files.ts'

export const logFiles: Collector = {
  id: 'log-file',
  resource: 'System logs (including event logs)',
  platforms: ['linux', 'win32', 'darwin'],
  reads:
    'Log files line by line, byte for byte, over rotations: those of the system, of nginx, Apache, PostgreSQL, MySQL and MariaDB in /var/log, and the files named in the configuration. At first contact also what was rotated before, oldest first, plain or compressed by gzip or zstd, in a source of its own (`log-file:history:PATH`), so that what is new never waits for it. On Windows logs of IIS and HTTP.sys, of the DHCP server and of the firewall, where they lie by default, and the files that are named.',
  needs:
    'Root or the group adm to read /var/log, and on Linux a syslog daemon (rsyslog) that writes the files. Name more of them under `files` in /etc/tidewaiter/agent.yaml.',
  cannotSee:
    'What a program never wrote, lines between the copy and the emptying of a file that is rotated by copytruncate, what a program still writes to a file that was rotated twice, what was removed while the agent did not run, and what was compressed by xz or bzip2 (each is said as a loss). Of a folder with more than 100 logs those that did not change last (said as a source of its own), and of one log rotated files beyond 4,000. Files that were rotated before this agent first looked and that `backfillDays` leaves out.',
  provenOn: 'Debian 12, live at every change; Windows and macOS by documentation alone.',

  async *collect(host, signal, from) {
    const named = from.files.filter((path) => !isLoginFile(path))
    let leftOut: UsualFiles['leftOut'] = new Map()
    let told: UsualFiles['leftOut'] = new Map()
    const wanted = async () => {
      const usual = await usualFiles(host)
      leftOut = usual.leftOut
      return Array.from(new Set([...usual.paths, ...named]), (path) => ({ source: `log-file:${path}`, path }))
    }
    async function* also() {
      for (const [folder, count] of leftOut) if (told.get(folder) !== count) yield notFollowed(folder, count)
      for (const folder of told.keys())
        if (!leftOut.has(folder)) yield { source: sourceOf(folder), state: 'gone' } as const
      told = leftOut
    }
    if ((await wanted()).length === 0) yield noFiles
    const { position, predecessor, seenAtMs, history, once } = from
    yield* follow({ host, shape: lines, wanted, position, predecessor, seenAtMs, history, once, also }, signal)
  },
}

/** Stands for the logs of a folder that are not followed. */
function sourceOf(folder: string): string {
  return `log-file:${folder}/*`
}

function notFollowed(folder: string, count: number): Standing {
  return {
    source: sourceOf(folder),
    state: 'not-enabled',
    why: `${count} more logs of ${folder} are not followed, only the ${mostOfFolder} that changed last.`,
    fix: 'Name those that matter under `files` in the configuration file of the agent.',
  }
}

const noFiles = {
  source: 'log-file',
  state: 'not-enabled',
  why: 'None of the known log files is on this machine.',
  fix: 'Install rsyslog to have them, or leave it: what systemd’s journal holds is read there.',
} as const
