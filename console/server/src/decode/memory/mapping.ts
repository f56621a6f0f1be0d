import { countIn, defined, type Row, textIn } from '../row.ts'

/** What a mapping is. */
export interface Mapping {
  /** What sets it apart from the code of a plain program, each in words of ours. */
  anomalies: string[]
  start: string
  end: string
  permissions: string
  offset: string
  /** What the kernel calls pages without a file: `[heap]`. */
  name?: string
  file?: { path: string } & Record<string, unknown>
}

/** proc_pid_maps(5). */
const shape =
  /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][ps]) ([0-9a-f]{1,16}) [0-9a-f]{1,8}:[0-9a-f]{1,8} (\d{1,20})(?: +([\s\S]*))?$/
const openFolders = ['/tmp/', '/var/tmp/', '/dev/shm/', '/run/shm/']
const deleted = ' (deleted)'
const memfd = '/memfd:'

/** Undefined for what is no line of a process's maps. */
export function parseMapping(line: string, row: Row): Mapping | undefined {
  const [, start, end, permissions, offset, inode, path = ''] = shape.exec(line) ?? []
  if (start === undefined || end === undefined || permissions === undefined || offset === undefined) return undefined
  const isFile = path.startsWith('/')
  const place = { start, end, permissions, offset, ...(path !== '' && !isFile && { name: path }) }
  const anomalies = anomaliesOf(path, { permissions, row })
  if (!isFile) return { anomalies, ...place }
  const [mode, uid] = [textIn(row, 'fileMode'), countIn(row, 'fileUid')]
  const plain = isDeleted(path, row) ? path.slice(0, -deleted.length) : path
  const name = plain.slice(plain.lastIndexOf('/') + 1)
  const about = defined({ name, inode, mode, uid: uid === undefined ? undefined : `${uid}` })
  return { anomalies, ...place, file: { path: plain, ...about } }
}

/** The kernel adds the word to the path of a file without a name; a file may be called so, too, and has a name then. */
function isDeleted(path: string, row: Row): boolean {
  return path.endsWith(deleted) && (countIn(row, 'fileLinks') ?? 0) === 0
}

function anomaliesOf(path: string, { permissions, row }: { permissions: string; row: Row }): string[] {
  const [isWritable, isExecutable] = [permissions[1] === 'w', permissions[2] === 'x']
  const mode = Number.parseInt(textIn(row, 'fileMode') ?? '0', 8)
  const isMemfd = path.startsWith(memfd)
  if (!isExecutable) return []
  const found: [boolean, string][] = [
    [isWritable, 'writable-and-executable'],
    [!path.startsWith('/'), 'executable-without-file'],
    [isMemfd, 'executable-memfd'],
    [!isMemfd && isDeleted(path, row), 'executable-file-deleted'],
    [openFolders.some((folder) => path.startsWith(folder)), 'executable-in-shared-folder'],
    [path.startsWith('/') && !isMemfd && (mode & 0o002) !== 0, 'executable-file-world-writable'],
  ]
  return found.flatMap(([holds, name]) => (holds ? [name] : []))
}
