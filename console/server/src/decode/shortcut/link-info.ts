import type { Structure } from '../structure.ts'

/** Where the target lies: on a volume of the machine, in a share, or both ([MS-SHLLINK] 2.3, LinkInfo). */
export interface LinkInfo {
  /** Its path on the machine, such as `C:\Users\jdoe\a.txt`. */
  localPath?: string
  /** Its path in the network, such as `\\server\share\a.txt`. */
  networkPath?: string
  volume?: Volume
  /** Share as it was connected, and the drive it was connected as. */
  share?: { name: string; drive?: string }
  /** False where a path has letters of a code page, which a shortcut does not tell: they are read as Latin-1. */
  isSure: boolean
}

interface Volume {
  type: string
  /** Eight hexadecimal digits. */
  serial: string
  label: string
}

const at = {
  headBytes: 4,
  flags: 8,
  volume: 12,
  localPath: 16,
  share: 20,
  suffix: 24,
  wideLocalPath: 28,
  wideSuffix: 32,
}
const isLocal = 1
const isShared = 2
/** A head as long as this has the paths in UTF-16 too. */
const wideHeadBytes = 0x24

export function readLinkInfo(part: Structure): LinkInfo {
  const flags = part.u32(at.flags)
  const isWide = part.u32(at.headBytes) >= wideHeadBytes
  const text = (narrow: number, wide: number) => {
    const from = isWide ? part.u32(wide) : 0
    return from > 0 ? part.wideToNul(from) : part.narrow(part.u32(narrow), part.bytes.length)
  }
  const suffix = text(at.suffix, at.wideSuffix)
  const info: LinkInfo = { isSure: true }
  if ((flags & isLocal) !== 0) {
    info.volume = readVolume(part, part.u32(at.volume))
    info.localPath = text(at.localPath, at.wideLocalPath) + suffix
  }
  if ((flags & isShared) !== 0) {
    const share = readShare(part, part.u32(at.share))
    info.share = share
    info.networkPath = suffix === '' ? share.name : `${share.name}\\${suffix}`
  }
  info.isSure = isWide || !/[\x80-\xff]/.test(`${info.localPath}${info.networkPath}`)
  return info
}

/** Names of GetDriveType. */
const driveTypes = ['unknown', 'no-root', 'removable', 'fixed', 'remote', 'cd-rom', 'ram-disk']

function readVolume(part: Structure, from: number): Volume {
  const labelAt = part.u32(from + 12)
  // 0x14: the label is in UTF-16, at a place of its own.
  const label =
    labelAt === 0x14
      ? part.wideToNul(from + part.u32(from + 16))
      : part.narrow(from + labelAt, Math.min(from + part.u32(from), part.bytes.length))
  const serial = part.u32(from + 8).toString(16)
  return { type: driveTypes[part.u32(from + 4)] ?? 'unknown', serial: serial.padStart(8, '0'), label }
}

function readShare(part: Structure, from: number): { name: string; drive?: string } {
  const [nameAt, driveAt] = [part.u32(from + 8), part.u32(from + 12)]
  const isWide = nameAt > 0x14
  const text = (narrow: number, wide: number) =>
    isWide ? part.wideToNul(from + part.u32(from + wide)) : part.narrow(from + narrow, part.bytes.length)
  const name = text(nameAt, 20)
  return driveAt === 0 ? { name } : { name, drive: text(driveAt, 24) }
}
