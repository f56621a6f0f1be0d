import { readOr } from '../damaged.ts'
import { type Structure, structureOf } from '../structure.ts'

export type { Structure } from '../structure.ts'

/** What `read` makes of the fields of some data; undefined where there is none, or not all that is read. */
export function readFields<T>(data: Buffer | undefined, read: (fields: Structure) => T): T | undefined {
  if (data === undefined) return undefined
  return readOr<T | undefined>(
    () => read(structureOf(data)),
    () => undefined,
  )
}
