import { Type } from 'typebox'

/**
 * Text of at most `most` code points, counted as JSON Schema counts them. `maxLength` is not used for text that may be
 * anything: typebox counts letters as they are seen, and one of them may be made of any number of code points.
 */
export function text(most: number, { least = 0 } = {}) {
  return Type.String({ pattern: `^[\\s\\S]{${least},${most}}$` })
}

/** An id of a collector. */
export const CollectorId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' })
