import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { Unanswered } from './answer.ts'

const mostBytes = 1024

/** The first line of the file. Throws `password-file-broken`. */
export function readPassword(path: string): string {
  const fd = opened(path)
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) throw broken(path, 'is no regular file')
    if ((stat.mode & 0o007) !== 0) throw broken(path, 'may be read by every account: chmod 0640 or less')
    const bytes = Buffer.alloc(mostBytes + 1)
    const length = readSync(fd, bytes, 0, bytes.length, 0)
    if (length > mostBytes) throw broken(path, `has more than ${mostBytes} bytes`)
    const [line = ''] = bytes.toString('utf8', 0, length).split(/\r?\n/)
    if (line === '') throw broken(path, 'is empty')
    return line
  } finally {
    closeSync(fd)
  }
}

function opened(path: string): number {
  try {
    // Not blocking: a pipe in its place would be waited for.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    throw broken(
      path,
      cause instanceof Error && 'code' in cause ? `cannot be opened (${cause.code})` : 'cannot be opened',
    )
  }
}

function broken(path: string, says: string): Unanswered {
  return new Unanswered('password-file-broken', `The password file ${path} ${says}.`)
}
