import type { Structure } from '../structure.ts'
import { instant } from '../time.ts'

/** How the target is found again when it was moved: the machine, and ids of volume and file there. */
export interface Tracker {
  /** NetBIOS name of the machine where the target was last. */
  machine: string
  volume: string
  file: string
  /** Of where it was first. */
  birthVolume: string
  birthFile: string
}

/** What an id says of the machine that made it: ids of version 1 hold its network address and the time (RFC 9562 5.1). */
export interface Maker {
  /** As ECS writes it: `00-0C-29-10-67-87`. */
  mac: string
  madeAt: string | undefined
}

/** [MS-SHLLINK] 2.5.10, TrackerDataBlock. */
export function readTracker(block: Structure): Tracker {
  return {
    machine: block.narrow(16, 32),
    volume: block.guid(32),
    file: block.guid(48),
    birthVolume: block.guid(64),
    birthFile: block.guid(80),
  }
}

/** Undefined for an id of another version, and for one whose address is made up (its multicast bit is set). */
export function makerOf(id: string): Maker | undefined {
  const [low = '', middle = '', high = '', , node = ''] = id.split('-')
  if (high[0] !== '1' || (Number.parseInt(node.slice(0, 2), 16) & 1) === 1) return undefined
  const ticks = (BigInt(`0x${high.slice(1)}`) << 48n) | (BigInt(`0x${middle}`) << 32n) | BigInt(`0x${low}`)
  const since1970 = ticks - before1970
  const seconds = Number(since1970 / ticksInSecond)
  const madeAt = since1970 < 0n ? undefined : instant(seconds, String(since1970 % ticksInSecond).padStart(7, '0'))
  return { mac: node.toUpperCase().match(/../g)?.join('-') ?? '', madeAt }
}

const ticksInSecond = 10_000_000n
/** From 15 October 1582, where these ids begin to count. */
const before1970 = 12_219_292_800n * ticksInSecond
