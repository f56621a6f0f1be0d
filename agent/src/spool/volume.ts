/** What of a volume is never the spool's: 5 % of it, and at most 2 GB. */
const others = { share: 0.05, mostBytes: 2e9 }

/** Bytes of a volume that the spool may still take; below 0 when others have taken from what is not its own. */
export function spareOn({ free, total }: { free: number; total: number }): number {
  return free - Math.min(total * others.share, others.mostBytes)
}
