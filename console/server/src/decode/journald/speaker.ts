import type { Fields } from './entry.ts'

/** Folders that only the administrator of a host can put programs into. */
const systemFolders = ['/usr/', '/bin/', '/sbin/', '/nix/store/']

const notNamed = 'The journal does not say which program sent this, and its user is not root.'

/**
 * Any account can send journald a message under the name of sshd. Fields that begin with `_` are journald's own: they
 * tell which process it was. Undefined where the message comes from root or from the program it names; else why it is
 * doubtful, and whether it is refuted: then nothing is read from it.
 */
export function doubtOf(fields: Fields, tag: string): { says: string; isRefuted: boolean } | undefined {
  const [uid, executable] = [fields._UID, fields._EXE]
  if (uid === '0') return undefined
  if (executable === undefined) return { says: notNamed, isRefuted: false }
  const name = executable.slice(executable.lastIndexOf('/') + 1)
  const own = tag.slice(tag.lastIndexOf('/') + 1)
  if (name === own && systemFolders.some((folder) => executable.startsWith(folder))) return undefined
  return { says: `It says that it is ${tag}, but ${executable} of user ${uid ?? 'unknown'} sent it.`, isRefuted: true }
}
