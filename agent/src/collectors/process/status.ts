import { textOf } from '../../text.ts'

export interface Owner {
  uid: number
  euid: number
  gid: number
}

/** Real and effective user and real group from /proc/<pid>/status; undefined when it does not name them. */
export function parseOwner(status: string): Owner | undefined {
  const uids = /^Uid:\t(\d+)\t(\d+)/m.exec(status)
  const gids = /^Gid:\t(\d+)/m.exec(status)
  if (uids === null || gids === null) return undefined
  return { uid: Number(uids[1]), euid: Number(uids[2]), gid: Number(gids[1]) }
}

/** Arguments of /proc/<pid>/cmdline, each ended by a NUL. A program that wrote a title over them may have left the last one open. */
export function parseArguments(cmdline: Buffer): string[] {
  const text = textOf(cmdline)
  if (text === '') return []
  return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0')
}
