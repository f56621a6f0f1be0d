import { execFileSync } from 'node:child_process'
import { uptime } from 'node:os'
import { fileOf, type System } from './commands.ts'

const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters'
const limitMs = 5_000
const stepMs = 60_000

/**
 * Windows gives a start no id of its own. It counts them, in the settings of its prefetcher; where it does not, the
 * minute of the start stands for it, which another one follows when the clock is set.
 */
export function bootIdNow(system: System, now: number): string {
  const startedAt = Math.round((now - uptime() * 1000) / stepMs) * stepMs
  return parseBootId(askRegistry(system)) ?? `started-${new Date(startedAt).toISOString()}`
}

function askRegistry(system: System): string {
  const file = fileOf('reg', system)
  if (file === undefined) return ''
  try {
    return execFileSync(file, ['query', key, '/v', 'BootId'], {
      env: system.env,
      timeout: limitMs,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'latin1',
      windowsHide: true,
    })
  } catch {
    return ''
  }
}

/** `    BootId    REG_DWORD    0x1a` (learn.microsoft.com, "reg query"). */
export function parseBootId(text: string): string | undefined {
  const [, hex] = /^\s*BootId\s+REG_DWORD\s+0x([0-9a-f]{1,8})\s*$/im.exec(text) ?? []
  return hex === undefined ? undefined : `boot-${Number.parseInt(hex, 16)}`
}
