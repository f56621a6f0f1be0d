import { basename } from 'node:path'
import type { Standing } from '../collectors/collector.ts'
import type { Unreadable } from '../host.ts'

const says: Record<Unreadable, Omit<Standing, 'source'>> = {
  missing: {
    state: 'not-enabled',
    why: 'There is no such file.',
    fix: 'Switch on the log of the program, or correct the path in the configuration file of the agent.',
  },
  'not-permitted': {
    state: 'failed',
    why: 'The account of the agent may not read the file.',
    fix: 'Run the agent as root, or let its account read the file: usually by the group adm.',
  },
  link: {
    state: 'not-enabled',
    why: 'The name is a symbolic link, and links are not followed.',
    fix: 'Name the file it leads to under `files` in the configuration file of the agent.',
  },
  'not-a-file': {
    state: 'not-enabled',
    why: 'It is a folder, a pipe or a device, and not a file.',
    fix: 'Let the program write to a file and name that one.',
  },
  failed: {
    state: 'failed',
    why: 'The file cannot be opened.',
    fix: 'Look at the file and its volume with the account of the agent.',
  },
}

/** Of a file of the system, whose place nobody chooses. */
const noSystemFile =
  'Nothing, where the system keeps no such file, as in containers and since Debian 13: its sign-ins then stand in the journal. Where there is no journal either (see journal), they are recorded nowhere.'

/** What a file that cannot be read means for its source: one that was named or found has its path in its id. */
export function standingOf(source: string, unreadable: Unreadable): Standing {
  const isPath = source.includes(':/')
  return { source, ...says[unreadable], ...(unreadable === 'missing' && !isPath && { fix: noSystemFile }) }
}

/** Why what a rotated file may hold is lost. */
export function passedOver(path: string, unreadable: Unreadable): string {
  return `${basename(path)} was passed over: ${says[unreadable].why}`
}
