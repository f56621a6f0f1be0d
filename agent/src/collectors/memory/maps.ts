import { textOf } from '../../text.ts'

/** A line of /proc/<pid>/maps (proc_pid_maps(5)) as it stands, and what is told apart in it. */
export interface Mapping {
  line: string
  /** First and last address, as the kernel writes them. */
  range: string
  /** `rwxp`: read, write, execute, private or shared; `-` for what is not permitted. */
  perms: string
  /** Major and minor, hexadecimal. */
  device: string
  inode: string
  /** Empty for pages without a file or a name. */
  path: string
}

const [lf, x] = [0x0a, 0x78]
const blank = 0x20
/** Of `rwxp` behind the blank, the third says whether it may be executed. */
const executeAt = 3

/** Mappings that may be executed, in the order of their addresses; the last line is left out where it was cut. */
export function* executableMappings(bytes: Buffer): Generator<Mapping> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(lf, from)
    if (end < 0) return
    if (bytes[bytes.indexOf(blank, from) + executeAt] === x) {
      const mapping = parseMapping(textOf(bytes.subarray(from, end)))
      if (mapping !== undefined) yield mapping
    }
    from = end + 1
  }
}

/** A path may hold blanks, and a line end in it stands as `\012`. */
const shape = /^([0-9a-f]+-[0-9a-f]+) ([r-][w-][x-][ps]) [0-9a-f]+ ([0-9a-f]+:[0-9a-f]+) (\d+)(?: +([\s\S]*))?$/

function parseMapping(line: string): Mapping | undefined {
  const [, range, perms, device, inode, path = ''] = shape.exec(line) ?? []
  if (range === undefined || perms === undefined || device === undefined || inode === undefined) return undefined
  return { line, range, perms, device, inode, path }
}

/** Name of the same mapping in /proc/<pid>/map_files, where addresses have no leading zeros. */
export function mapFileOf({ range }: Mapping): string {
  return range.replaceAll(/(^|-)0+(?=[0-9a-f])/g, '$1')
}

/** Device as /proc/self/mountinfo writes it: in decimal. */
export function deviceOf({ device }: Mapping): string {
  return device
    .split(':')
    .map((part) => Number.parseInt(part, 16))
    .join(':')
}

/** Folders that every account may write to. */
const openFolders = ['/tmp/', '/var/tmp/', '/dev/shm/', '/run/shm/']
/** Code that the kernel itself puts into every process. */
const ofKernel = new Set(['[vdso]', '[vsyscall]', '[uprobes]'])

/** What an executable mapping is told for; undefined for a plain one of a file. `mode`: that of its file, where it is known. */
export function kindOf({ perms, path }: Mapping, mode: number | undefined): string | undefined {
  if (perms[1] === 'w') return 'writable'
  if (path.startsWith('/memfd:')) return 'memfd'
  if (path.endsWith(' (deleted)')) return 'deleted'
  if (openFolders.some((folder) => path.startsWith(folder))) return 'open-folder'
  if (!path.startsWith('/')) return ofKernel.has(path) ? undefined : 'anonymous'
  return mode !== undefined && (mode & 0o002) !== 0 ? 'world-writable' : undefined
}
