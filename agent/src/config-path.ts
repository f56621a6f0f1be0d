import { statSync } from 'node:fs'
import { errnoOf } from './error.ts'

/** On Windows where only administrators may write: below ProgramData any account can lay down a folder and a file. */
export const defaultConfig =
  process.platform === 'win32' ? 'C:\\Program Files\\Tidewaiter\\agent.yaml' : '/etc/tidewaiter/agent.yaml'

/** False only when there is none: one that cannot be looked at is for its reader to complain of. */
export function hasDefaultConfig(): boolean {
  try {
    return statSync(defaultConfig) !== undefined
  } catch (cause) {
    return errnoOf(cause) !== 'ENOENT'
  }
}
