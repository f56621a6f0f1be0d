import type { Damage } from '../damaged.ts'
import { cellAt, type Hive, isDamage, isSigned, type Span, short, unsigned } from './hive.ts'
import type { KeyNode } from './key-node.ts'

/** Offsets of the subkeys of a key, in the order of their list, and what of the lists could not be read. */
export interface Subkeys {
  offsets: number[]
  damage?: Damage
}

/** Leaves and the bytes an element takes in them: place alone, or with a hint (lf) or a hash (lh) of the name. */
const leaves: readonly (readonly [signature: string, bytes: number])[] = [
  ['lh', 8],
  ['lf', 8],
  ['li', 4],
]

export function subkeysOf(hive: Hive, node: KeyNode): Subkeys {
  const found: Subkeys = { offsets: [] }
  if (node.subkeyCount === 0) return found
  readList(hive, node.subkeys, found, true)
  if (found.damage === undefined && found.offsets.length !== node.subkeyCount)
    found.damage = {
      code: 'count-wrong',
      says: `The key says that it has ${node.subkeyCount} subkeys, and its lists have ${found.offsets.length}.`,
    }
  return found
}

/** @param mayBranch an index root (`ri`) names leaves, and never another one */
function readList(hive: Hive, offset: number, found: Subkeys, mayBranch: boolean): void {
  const cell = cellAt(hive, offset)
  if (isDamage(cell)) found.damage = cell
  else if (mayBranch && isSigned(hive, cell.at, 'ri'))
    for (const leaf of elementsOf(hive, cell, found, 4)) readList(hive, leaf, found, false)
  else {
    const [, bytes] = leaves.find(([signature]) => isSigned(hive, cell.at, signature)) ?? []
    if (bytes === undefined) found.damage = unsigned
    else for (const key of elementsOf(hive, cell, found, bytes)) found.offsets.push(key)
  }
}

function elementsOf(hive: Hive, { at, end }: Span, found: Subkeys, bytes: number): number[] {
  const said = hive.data.getUint16(at + 2, true)
  const count = Math.min(said, Math.floor((end - at - 4) / bytes))
  if (count < said) found.damage = short
  hive.work -= count * bytes
  const elements: number[] = []
  if (hive.work >= 0) for (let i = 0; i < count; i++) elements.push(hive.data.getUint32(at + 4 + i * bytes, true))
  return elements
}
