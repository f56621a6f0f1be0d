import type { Event } from '../decoder.ts'
import { baseBlockBytes, sectorBytes } from './base-block.ts'
import type { Mount } from './mount.ts'
import type { Applied } from './recover.ts'

export const dataset = 'registry'

/** What every event of a hive says of the hive. */
export interface Told {
  mount: Mount
  hive: {
    name: string
    /** The path it was loaded from, as its base block keeps the end of it. */
    file?: string
    /** True where the last write was not ended; absent where only a log of it is here. */
    was_dirty?: boolean
    /** Writes that were taken from its logs. */
    writes_recovered?: number
  }
  user?: { name: string }
  /** Where a byte of the hive comes from: the record that holds it. */
  recordAt(at: number): string
  sectors: ReadonlyMap<number, Applied>
  /** Owner of a key, by the place of its security descriptor. */
  ownerOf?(security: number): string | undefined
}

/**
 * The folder of the profile in the path of a user's hive, which is named after the account: `\??\C:\Users\ana\ntuser.dat`.
 * Undefined where the path does not go back to it.
 */
export function profileOf(fileName: string): string | undefined {
  return /\\(?:users|documents and settings)\\([^\\]+)\\/i.exec(fileName)?.[1]
}

/** The beginning of an event about what stands at a byte of the hive. */
export function eventAt(told: Told, at: number): Event {
  const from = told.sectors.get(Math.floor((at - baseBlockBytes) / sectorBytes))
  const event: Event = {
    event: { kind: 'state', dataset, category: ['configuration'], type: ['info'] },
    message: '',
    tidewaiter: {
      record: from?.record ?? told.recordAt(at),
      offset: at,
      encoding: 'binary',
      hive: told.hive,
    },
  }
  if (from !== undefined) event.tidewaiter.recovered_write = from.sequence
  if (told.user !== undefined) event.user = told.user
  return event
}

/** `registry.*` of a key by its path, or of one of its values. */
export function registryOf(path: string, value?: string): Record<string, unknown> {
  const slash = path.indexOf('\\')
  const hive = slash < 0 ? path : path.slice(0, slash)
  const registry: Record<string, unknown> = {
    path: value === undefined ? path : `${path}\\${value}`,
    key: slash < 0 ? '' : path.slice(slash + 1),
  }
  if (hive === 'HKLM' || hive === 'HKCU') registry.hive = hive
  if (value !== undefined) registry.value = value
  return registry
}
