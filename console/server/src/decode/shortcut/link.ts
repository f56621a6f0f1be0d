import { type Damage, Damaged, readOr } from '../damaged.ts'
import type { Structure } from '../structure.ts'
import { type Extra, readExtra } from './extra.ts'
import { type Item, readItems } from './item.ts'
import { type LinkInfo, readLinkInfo } from './link-info.ts'

/** What a shortcut says of what it leads to ([MS-SHLLINK] 2). Times are those of the target when it was made or used. */
export interface Link {
  /** The target's, RFC 3339. */
  created: string | undefined
  accessed: string | undefined
  written: string | undefined
  attributes: number
  /** Bytes of the target, modulo 2^32. */
  size: number
  /** Of the window: 1 normal, 3 maximised, 7 minimised. */
  show: number
  runsAsOther: boolean
  items: readonly Item[]
  info?: LinkInfo
  description?: string
  relativePath?: string
  workingDirectory?: string
  arguments?: string
  icon?: string
  extra: Extra
  /** Parts that cannot be read. */
  damages: readonly Damage[]
  /** Where it ends. */
  end: number
}

const headBytes = 76
/** Size of the head and the class of shortcuts, 00021401-0000-0000-C000-000000000046. */
export const linkSignature = Buffer.from('4c0000000114020000000000c000000000000046', 'hex')

const flag = { items: 0, info: 1, description: 2, relativePath: 3, directory: 4, args: 5, icon: 6, wide: 7, runAs: 13 }

/** Throws `Damaged` where the head cannot be read; what is wrong behind it is named in `damages`. */
export function readLink(file: Structure, at: number): Link {
  if (!file.bytes.subarray(at, at + linkSignature.length).equals(linkSignature))
    throw new Damaged('format-unknown', 'It does not begin as a shortcut does.')
  const flags = file.u32(at + 20)
  const link: Link = {
    attributes: file.u32(at + 24),
    created: file.instant(at + 28),
    accessed: file.instant(at + 36),
    written: file.instant(at + 44),
    size: file.u32(at + 52),
    show: file.u32(at + 60),
    runsAsOther: has(flags, flag.runAs),
    items: [],
    extra: {},
    damages: [],
    end: at + headBytes,
  }
  const damage = readOr<Damage | undefined>(
    () => readParts(file, flags, link),
    (met) => met,
  )
  if (damage !== undefined) link.damages = [...link.damages, damage]
  return link
}

/** One part after the other: where one does not say how long it is, what follows cannot be found. */
function readParts(file: Structure, flags: number, link: Link): undefined {
  if (has(flags, flag.items)) {
    const bytes = file.u16(link.end)
    link.items = readItems(file.part(link.end + 2, bytes))
    link.end += 2 + bytes
  }
  if (has(flags, flag.info)) {
    const bytes = file.u32(link.end)
    const info = file.part(link.end, bytes)
    link.end += bytes
    readOr(
      () => {
        link.info = readLinkInfo(info)
      },
      (damage) => {
        link.damages = [damage]
      },
    )
  }
  const isWide = has(flags, flag.wide)
  if (has(flags, flag.description)) link.description = takeText(file, link, isWide)
  if (has(flags, flag.relativePath)) link.relativePath = takeText(file, link, isWide)
  if (has(flags, flag.directory)) link.workingDirectory = takeText(file, link, isWide)
  if (has(flags, flag.args)) link.arguments = takeText(file, link, isWide)
  if (has(flags, flag.icon)) link.icon = takeText(file, link, isWide)
  const { extra, end, damages } = readExtra(file, link.end)
  link.extra = extra
  link.end = end
  link.damages = [...link.damages, ...damages]
}

function has(flags: number, bit: number): boolean {
  return ((flags >>> bit) & 1) === 1
}

/** Characters, counted before them ([MS-SHLLINK] 2.4, StringData). */
function takeText(file: Structure, link: Link, isWide: boolean): string {
  const units = file.u16(link.end)
  const from = link.end + 2
  link.end = from + units * (isWide ? 2 : 1)
  return isWide ? file.wide(from, units) : file.narrow(from, link.end)
}
