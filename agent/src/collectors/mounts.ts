import type { Host } from '../host.ts'

/** A line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  device: string
  root: string
  at: string
  type: string
}

/** File systems whose files lie on a disk, or in the memory, of this machine. */
const local = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'zfs', 'bcachefs', 'jfs', 'reiserfs', 'nilfs2', 'vfat', 'exfat'],
  ...['ntfs3', 'iso9660', 'udf', 'squashfs', 'erofs', 'overlay', 'tmpfs', 'ramfs', 'rootfs'],
])

export function isLocal({ type }: Mount): boolean {
  return local.has(type)
}

/** What is mounted, in the order of mounting: of two at one place the last is seen. At most the first 64 KiB of it. */
export function readMounts(host: Host): Mount[] {
  const mounts: Mount[] = []
  for (const line of host.readNow('/proc/self/mountinfo')?.toString().split('\n') ?? []) {
    const [before = '', after = ''] = line.split(' - ')
    const [, , device = '', root = '', at = ''] = before.split(' ')
    const [type = ''] = after.split(' ')
    if (type !== '') mounts.push({ device, root: plain(root), at: plain(at), type })
  }
  return mounts
}

/** Blanks, tabs, line ends and backslashes stand there in octal. */
function plain(path: string): string {
  return path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
