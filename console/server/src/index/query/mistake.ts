import { refuse } from '../../error.ts'

/** A search text that cannot be read, with the column of the mistake. @param at from 0; people count from 1 */
export function mistake(at: number, says: string) {
  return refuse('query-malformed', `Column ${at + 1}: ${says}`)
}
