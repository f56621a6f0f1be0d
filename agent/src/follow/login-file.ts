import { basename } from 'node:path'

/** True for the login records of glibc and of macOS: they are no lines, whatever folder they lie in. */
export function isLoginFile(path: string): boolean {
  return ['utmp', 'wtmp', 'btmp', 'utmpx'].includes(basename(path))
}
