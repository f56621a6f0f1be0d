import { sidText } from '../windows-scalar.ts'
import { cellAt, type Hive, isDamage, isSigned, nowhere } from './hive.ts'

/** Of the descriptor's own cell (`sk`), its size, then the descriptor: place of the owner in it is its second word. */
const [descriptorAt, ownerAt] = [20, 4]

/** Who owns a key; undefined where that cannot be read. Descriptors are shared by many keys, so each is read once. */
export function newOwners(hive: Hive): (security: number) => string | undefined {
  const known = new Map<number, string | undefined>()
  return (security) => {
    if (security === nowhere) return undefined
    if (!known.has(security)) known.set(security, ownerOf(hive, security))
    return known.get(security)
  }
}

function ownerOf(hive: Hive, security: number): string | undefined {
  const cell = cellAt(hive, security)
  if (isDamage(cell) || !isSigned(hive, cell.at, 'sk') || cell.at + descriptorAt + 20 > cell.end) return undefined
  const owner = cell.at + descriptorAt + hive.data.getUint32(cell.at + descriptorAt + ownerAt, true)
  return owner + 8 <= cell.end ? sidText(hive.data, owner, cell.end) || undefined : undefined
}
