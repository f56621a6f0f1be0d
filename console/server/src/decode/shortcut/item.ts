import { Damaged } from '../damaged.ts'
import type { Structure } from '../structure.ts'

/** A step of the way to the target through the desktop's tree: a folder of the shell, a drive, a folder, a file. */
export interface Item {
  name: string
  is: 'folder-of-shell' | 'volume' | 'entry' | 'network' | 'url' | 'other'
}

/** No path has more. */
const mostItems = 256

/** Items one after the other, each with its length; a length of 0 ends them ([MS-SHLLINK] 2.2, IDList). */
export function readItems(list: Structure): Item[] {
  const items: Item[] = []
  let at = 0
  for (let bytes = list.u16(at); bytes !== 0; bytes = at + 2 <= list.bytes.length ? list.u16(at) : 0) {
    if (items.length === mostItems) throw new Damaged('too-many', `It has more than ${mostItems} items.`)
    items.push(readItem(list.part(at, Math.max(bytes, 2))))
    at += Math.max(bytes, 2)
  }
  return items
}

const type = {
  folderOfShell: 0x1f,
  placeOfShell: 0x2e,
  volume: 0x20,
  entry: 0x30,
  network: 0x40,
  url: 0x61,
  mask: 0x70,
}

/** Classes of items are told by their third byte (libyal, "Windows Shell Item format"). What is not known has no name. */
function readItem(item: Structure): Item {
  const { length } = item.bytes
  const kind = length > 2 ? item.u8(2) : 0
  if ((kind === type.folderOfShell || kind === type.placeOfShell) && length >= 20)
    return { is: 'folder-of-shell', name: `::{${item.guid(4)}}` }
  if (kind === type.url && length > 8 && item.u16(4) === 0) return { is: 'url', name: urlOf(item) }
  if ((kind & type.mask) === type.volume && length > 5) return { is: 'volume', name: item.narrow(3, length) }
  if ((kind & type.mask) === type.entry && length > 14) return { is: 'entry', name: entryName(item, kind) }
  if ((kind & type.mask) === type.network && length > 5) return { is: 'network', name: item.narrow(5, length) }
  return { is: 'other', name: '' }
}

/** Flags, and the address where nothing else stands before it. */
function urlOf(item: Structure): string {
  return (item.u8(3) & 0x80) !== 0 ? item.wideToNul(8) : item.narrow(8, item.bytes.length)
}

const isWideFlag = 0x04
const longNames = 0xbeef0004

/** The long name where there is one, which is nearly always; otherwise the short one of eight and three. */
function entryName(item: Structure, kind: number): string {
  const { length } = item.bytes
  const short = (kind & isWideFlag) !== 0 ? item.wideToNul(14) : item.narrow(14, length)
  const block = item.u16(length - 2)
  if (block < 14 || block + 20 > length || item.u32(block + 4) !== longNames) return short
  const version = item.u16(block + 2)
  const nameAt = nameAts.find(([since]) => version >= since)?.[1]
  if (nameAt === undefined || block + nameAt >= length) return short
  return item.wideToNul(block + nameAt) || short
}

/** Where the long name stands in the block, by the version of Windows that wrote it. */
const nameAts: readonly [since: number, at: number][] = [
  [9, 46],
  [8, 42],
  [7, 38],
  [3, 20],
]
