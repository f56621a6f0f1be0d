import { statSync } from 'node:fs'
import { errnoOf } from './error.ts'

export const defaultConfig = '/etc/tidewaiter/agent.yaml'

/** False only when there is none: one that cannot be looked at is for its reader to complain of. */
export function hasDefaultConfig(): boolean {
  try {
    return statSync(defaultConfig) !== undefined
  } catch (cause) {
    return errnoOf(cause) !== 'ENOENT'
  }
}
