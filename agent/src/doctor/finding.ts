import type { Policy } from '@tidewaiter/protocol'
import type { Host } from '../host.ts'

/** How it stands in one respect. A fix beside `ok` is advice. */
export interface Finding {
  name: string
  ok: boolean
  says: string
  fix?: string
}

/** What is looked at, beside an agent that may be running on it. */
export interface Examined {
  host: Host
  /** Data folder. */
  path: string
  /** Of the configuration, where it was named. */
  configFile?: string | undefined
  /** Throws `config-malformed`, `not-permitted`. */
  readConfig(): Policy
}
