import { readDate } from '../dated.ts'
import type { Written } from '../written.ts'

/** Parts of a time of `eve.json`, which says its offset: `2022-07-10T23:50:05.533101+0000`. Undefined for any other text. */
export function timeOf(raw: string | undefined): Written | undefined {
  const reading = raw === undefined ? undefined : readDate(raw)
  return reading?.end === raw?.length ? reading?.written : undefined
}
