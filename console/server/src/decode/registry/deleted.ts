import { baseBlockBytes } from './base-block.ts'
import type { Layout } from './free-cells.ts'
import { type Hive, isDamage, isSigned, nowhere } from './hive.ts'
import { type KeyNode, keyFlag, keyNodeAt, readKeyNode } from './key-node.ts'
import { readValue, type Value } from './value.ts'
import { pathBelow } from './walk.ts'

/** A key that no list of subkeys names, with what of its values lies beside it. */
export interface KeyLeft {
  node: KeyNode
  values: Value[]
  path: string
}

/** What lies in free cells: a key, or a value of a key that is not there any more. */
export type Deleted = ({ is: 'key' } & KeyLeft) | { is: 'value'; value: Value; at: number }

type Region = Layout['free'][number]

/** Names Windows allows: a key has 255 characters, a value 16,383; longer ones of values are hardly used. */
const mostNameBytes = 1024
/** Before, and long after, there was no Windows to write it. */
const [firstYear, lastYear] = ['1993', '2100']

/**
 * Keys and values of which the cells are free, and not used again. Nothing says that they belong to what is in use: a
 * key of the same name may be there again.
 * @param root path of the root key
 */
export function* deletedOf(hive: Hive, { free }: Layout, root: string): Generator<Deleted> {
  const ofKeys = new Set<number>()
  for (const key of keysLeft(hive, free, root)) {
    for (const { offset } of key.values) ofKeys.add(offset)
    yield { is: 'key', ...key }
  }
  for (const region of free)
    for (const at of signed(hive, region, 'vk')) {
      const value = plausibleValue(hive, at, region)
      if (value !== undefined && !ofKeys.has(value.offset)) yield { is: 'value', value, at }
    }
}

/** Keys by their looks, in parts of a hive of which nothing tells what is in them. */
export function* keysLeft(hive: Hive, regions: readonly Region[], root: string): Generator<KeyLeft> {
  for (const region of regions)
    for (const at of signed(hive, region, 'nk')) {
      if (hive.work < 0) return
      const node = plausibleKey(hive, at, region)
      if (node !== undefined)
        yield { node, values: valuesLeft(hive, node, regions), path: pathLeft(hive, node, { free: regions, root }) }
    }
}

/** Places of contents with this signature. Cells that were joined to one still lie at multiples of eight bytes. */
function* signed(hive: Hive, { at, end }: Region, signature: string): Generator<number> {
  for (let from = at + 4; from + 20 <= end; from += 8) if (isSigned(hive, from, signature)) yield from
}

function plausibleKey(hive: Hive, at: number, region: Region): KeyNode | undefined {
  const node = readKeyNode(hive, { at, end: region.end }, at - 4 - baseBlockBytes)
  if (isDamage(node) || node.name === '' || node.name.length > 255 || node.flags > 0xfff) return undefined
  const { writtenAt = '' } = node
  return writtenAt > firstYear && writtenAt < lastYear && isName(node.name) ? node : undefined
}

function plausibleValue(hive: Hive, at: number, region: Region): Value | undefined {
  const value = readValue(hive, { at, end: region.end }, at - 4 - baseBlockBytes)
  if (isDamage(value) || value.name.length > mostNameBytes || !isName(value.name)) return undefined
  // SAM keeps the number of an account as the type of a value without name and data.
  if (value.type > (value.name === '' && value.size === 0 ? 0xffff : 11)) return undefined
  return value.size < 0x100_0000 && (value.inside !== undefined || value.place % 8 === 0) ? value : undefined
}

/** No control character is in a name but by chance. */
function isName(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) < 32) return false
  return true
}

/** Values that the key names and that are free as well. */
function valuesLeft(hive: Hive, { values, valueCount }: KeyNode, free: readonly Region[]): Value[] {
  const list = baseBlockBytes + values
  const region = values === nowhere ? undefined : regionOf(free, list)
  if (region === undefined) return []
  const found: Value[] = []
  for (let i = 0; i < valueCount && list + 8 + i * 4 <= region.end; i++) {
    hive.work -= 4
    const offset = hive.data.getUint32(list + 4 + i * 4, true)
    const at = baseBlockBytes + offset + 4
    const place = offset % 8 === 0 ? regionOf(free, at) : undefined
    const value = place !== undefined && isSigned(hive, at, 'vk') ? plausibleValue(hive, at, place) : undefined
    // What is no value any more was written over, and so may be all behind it.
    if (value === undefined || hive.work < 0) break
    found.push(value)
  }
  return found
}

/** A deleted value with its data; undefined where the cell of that is in use again, or holds less now. */
export function dataLeft(hive: Hive, value: Value, free: readonly Region[]): Value | undefined {
  if (value.inside !== undefined || value.size === 0) return value
  const at = baseBlockBytes + value.place + 4
  const region = regionOf(free, at)
  if (region === undefined || at + value.size > region.end) return undefined
  // Any number of values may name the same bytes.
  hive.work -= Math.min(value.size, 4096)
  if (hive.work < 0) return undefined
  if (Math.abs(hive.data.getInt32(at - 4, true)) < value.size + 4) return undefined
  return { ...value, inside: at }
}

/** Names from the key up as far as its parents are keys, in use or not; `…` stands for what is not known. */
function pathLeft(hive: Hive, node: KeyNode, { free, root }: { free: readonly Region[]; root: string }): string {
  const names = [node.name]
  let { parent } = node
  for (let level = 0; level < 512; level++) {
    const above = keyLeft(hive, parent, free)
    if (above === undefined) break
    if (above.flags & keyFlag.root) return names.reduceRight(pathBelow, root)
    names.push(above.name)
    parent = above.parent
  }
  return names.reduceRight(pathBelow, '…')
}

function keyLeft(hive: Hive, offset: number, free: readonly Region[]): KeyNode | undefined {
  const live = keyNodeAt(hive, offset)
  if (!isDamage(live)) return live
  const at = baseBlockBytes + offset + 4
  const region = offset % 8 === 0 ? regionOf(free, at) : undefined
  return region !== undefined && isSigned(hive, at, 'nk') ? plausibleKey(hive, at, region) : undefined
}

/** The free cell that a byte lies in. They are in the order of the file. */
function regionOf(free: readonly Region[], at: number): Region | undefined {
  let [low, high] = [0, free.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((free[middle]?.end ?? 0) <= at) low = middle + 1
    else high = middle
  }
  const region = free[low]
  return region !== undefined && region.at <= at ? region : undefined
}
