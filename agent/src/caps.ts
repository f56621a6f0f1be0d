import type { CapState, Caps, Policy } from '@tidewaiter/protocol'

export type Cap = CapState['cap']

/** What holds where nobody says otherwise: a workstation on which somebody files entries must not feel the agent. */
export const defaultCaps = {
  cpuPercent: 25,
  /** Below the 256 MiB at which a service manager would kill it. */
  memoryMb: 200,
  spoolMb: 1024,
  kilobytesPerSecond: 2_000,
} as const satisfies Required<Caps>

/** Caps under a policy: of those it leaves out, the defaults. */
export function capsOf({ caps }: Policy): Required<Caps> {
  return { ...defaultCaps, ...caps }
}

/** Budget of the spool under a policy. */
export function spoolBytesOf(policy: Policy): number {
  return capsOf(policy).spoolMb * 1_000_000
}
