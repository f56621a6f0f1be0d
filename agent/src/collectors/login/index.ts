import { basename } from 'node:path'
import { follow } from '../../follow/follow.ts'
import { isLoginFile } from '../../follow/login-file.ts'
import { fixed } from '../../follow/shape.ts'
import type { Collector } from '../collector.ts'
import { newUtmpPasses, recordBytes } from './utmp.ts'

/** Who is signed in now, who was, and who tried in vain. */
const usual = [
  { source: 'login:utmp', path: '/run/utmp' },
  { source: 'login:wtmp', path: '/var/log/wtmp' },
  { source: 'login:btmp', path: '/var/log/btmp' },
]

/** A Mac keeps what was in its unified log. */
const ofMacs = [{ source: 'login:utmpx', path: '/var/run/utmpx' }]

export const logins: Collector = {
  id: 'login',
  resource: 'System logs (including event logs)',
  platforms: ['linux', 'darwin'],
  reads:
    'Sign-ins as the system keeps them, record by record: /var/log/wtmp (sessions), /var/log/btmp (failed attempts), /run/utmp (who is signed in now), and files of these names in the configuration; at first contact also the old ones (wtmp.1, btmp.1.gz), as `login:history:wtmp`. On macOS /var/run/utmpx.',
  needs:
    'Root or the group utmp to read btmp. Failed attempts are only kept where the file exists: `touch /var/log/btmp && chmod 660 /var/log/btmp && chgrp utmp /var/log/btmp`.',
  cannotSee:
    'Sign-ins of programs that do not write these files (web sites, databases, mail), and systems without them, such as Debian 13, whose sign-ins stand in the journal.',
  provenOn: 'Debian 12, live at every change; macOS by documentation alone.',

  async *collect(host, signal, from) {
    const named = from.files.filter(isLoginFile).map((path) => ({ source: `login:${path}`, path }))
    const own = host.platform === 'darwin' ? ofMacs : usual
    const all = [...own, ...named.filter(({ path }) => !own.some((each) => each.path === path))]
    const isSnapshot = ({ path }: { path: string }) => ['utmp', 'utmpx'].includes(basename(path))
    const followed = all.filter((file) => !isSnapshot(file))
    yield* follow(
      {
        host,
        shape: fixed(recordBytes),
        wanted: async () => followed,
        position: from.position,
        predecessor: from.predecessor,
        seenAtMs: from.seenAtMs,
        history: from.history,
        once: from.once,
        also: newUtmpPasses(all.filter(isSnapshot), host, from),
      },
      signal,
    )
  },
}
