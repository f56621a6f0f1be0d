import { type Damage, Damaged, readOr } from '../damaged.ts'
import type { Structure } from '../structure.ts'
import { readItems } from './item.ts'
import { type Property, readProperties } from './property.ts'
import { readTracker, type Tracker } from './tracker.ts'

/** What follows the texts of a shortcut, block by block ([MS-SHLLINK] 2.5, ExtraData). */
export interface Extra {
  tracker?: Tracker
  /** The target with variables: `%windir%\system32\dfrgui.exe`. */
  environmentPath?: string
  iconPath?: string
  /** An advertised program of Windows Installer. */
  installer?: string
  /** GUID of the folder that the target lies below. */
  knownFolder?: string
  /** Layer of compatibility that the program is run in. */
  shim?: string
  properties?: readonly Property[]
}

const read: Readonly<Record<number, (block: Structure, extra: Extra) => void>> = {
  2684354561: (block, extra) => {
    extra.environmentPath = pathOf(block)
  },
  2684354563: (block, extra) => {
    extra.tracker = readTracker(block)
  },
  2684354566: (block, extra) => {
    extra.installer = pathOf(block)
  },
  2684354567: (block, extra) => {
    extra.iconPath = pathOf(block)
  },
  2684354568: (block, extra) => {
    extra.shim = block.wideToNul(8)
  },
  2684354569: (block, extra) => {
    extra.properties = readProperties(block.part(8, block.bytes.length - 8))
  },
  2684354571: (block, extra) => {
    extra.knownFolder = block.guid(8)
  },
  // Items again, as of Windows Vista: only held to be whole.
  2684354572: (block) => {
    readItems(block.part(8, block.bytes.length - 8))
  },
}

/** The same path twice, in 260 bytes and in 260 units of UTF-16. */
function pathOf(block: Structure): string {
  return block.wide(268, 260) || block.narrow(8, 268)
}

/** Each kind stands there once at most; what says more is not followed. */
const mostBlocks = 64

/** A block that cannot be read does not hide those behind it. */
export function readExtra(file: Structure, from: number): { extra: Extra; end: number; damages: Damage[] } {
  const extra: Extra = {}
  const damages: Damage[] = []
  let at = from
  for (let count = 0; ; count++) {
    // Some writers leave out the end mark.
    if (at === file.bytes.length) return { extra, end: at, damages }
    const bytes = file.u32(at)
    if (bytes < 4) return { extra, end: at + 4, damages }
    if (count === mostBlocks) throw new Damaged('too-many', `It has more than ${mostBlocks} blocks at its end.`)
    if (bytes < 8) throw new Damaged('place-impossible', 'A block at its end is shorter than its own head.')
    const block = file.part(at, bytes)
    readOr(
      () => read[block.u32(4)]?.(block, extra),
      (damage) => {
        damages.push(damage)
      },
    )
    at += bytes
  }
}
