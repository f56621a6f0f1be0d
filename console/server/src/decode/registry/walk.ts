import type { Damage } from '../damaged.ts'
import { type Hive, isDamage } from './hive.ts'
import { type KeyNode, keyNodeAt } from './key-node.ts'
import { subkeysOf } from './subkeys.ts'

/** A key as it is come upon, with where it stands. */
export interface Visit<Seen> {
  node: KeyNode
  children: readonly KeyNode[]
  path: string
  /** What was made of the key on the way down to it. */
  seen: Seen
  /** What of its subkeys cannot be read. */
  damage?: Damage
}

/** Where a walk begins, and what is handed down from each key to those below it. */
export interface Descent<Seen> {
  root: KeyNode
  path: string
  seen: Seen
  /** Keys, by their offsets, that are shown under another name. */
  renamed?: ReadonlyMap<number, string>
  below(seen: Seen, name: string): Seen
}

/** Windows has no key deeper than this. */
const mostLevels = 512

interface Frame<Seen> {
  visit: Visit<Seen>
  next: number
}

/**
 * Every key from a root down, parents before children, in the order of the lists. A key is visited once, however often it
 * is named, so that no loop is endless.
 */
export function* walk<Seen>(hive: Hive, { root, path, seen, renamed, below }: Descent<Seen>): Generator<Visit<Seen>> {
  const isVisited = new Uint8Array(Math.ceil(hive.bytes.length / 64) + 1)
  take(isVisited, root.offset)
  const first = visitOf(hive, { node: root, path, seen }, isVisited)
  const frames: Frame<Seen>[] = [{ visit: first, next: 0 }]
  yield first
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { visit } = frame
    const node = visit.children[frame.next++]
    if (node === undefined) {
      frames.pop()
      continue
    }
    const name = renamed?.get(node.offset) ?? node.name
    const inner = visitOf(hive, { node, path: pathBelow(visit.path, name), seen: below(visit.seen, name) }, isVisited)
    if (inner.children.length > 0 && frames.length >= mostLevels) {
      inner.damage = tooDeep
      inner.children = []
    }
    yield inner
    if (inner.children.length > 0) frames.push({ visit: inner, next: 0 })
  }
}

function visitOf<Seen>(hive: Hive, visit: Omit<Visit<Seen>, 'children'>, isVisited: Uint8Array): Visit<Seen> {
  const { offsets, damage } = subkeysOf(hive, visit.node)
  const children: KeyNode[] = []
  let worst = damage
  for (const offset of offsets) {
    const node = keyNodeAt(hive, offset)
    if (isDamage(node)) worst = node
    else if (take(isVisited, offset)) children.push(node)
    else worst = usedTwice
    if (hive.work < 0) break
  }
  return worst === undefined ? { ...visit, children } : { ...visit, children, damage: worst }
}

/** Cells begin at multiples of eight bytes. True for one that was not taken before. */
function take(taken: Uint8Array, offset: number): boolean {
  const [byte, bit] = [offset >>> 6, 1 << ((offset >>> 3) & 7)]
  const before = taken[byte] ?? 0
  taken[byte] = before | bit
  return (before & bit) === 0
}

/** A longer path is given by its end: damaged hives nest names of 255 characters 512 deep. */
const mostPath = 1024

export function pathBelow(path: string, name: string): string {
  const whole = `${path}\\${name}`
  return whole.length <= mostPath ? whole : `…${whole.slice(-mostPath)}`
}

const usedTwice: Damage = { code: 'used-twice', says: 'A subkey is named that another key has.' }
const tooDeep: Damage = {
  code: 'too-deep',
  says: `Windows nests no keys deeper than ${mostLevels}: those below are not read.`,
}
