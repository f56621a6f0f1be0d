import { hash } from 'node:crypto'
import type { SeenType } from './observable-key.ts'

export interface Met {
  /** Id of the indicator. */
  indicator: string
  /** As the index names it: with the branch, where its chain forked. */
  host: string
  type: SeenType
  key: string
}

/** The same after the index was made again: incidents keep it. */
export function sightingId({ indicator, host, type, key }: Met): string {
  return hash('sha256', JSON.stringify([indicator, host, type, key])).slice(0, 32)
}
