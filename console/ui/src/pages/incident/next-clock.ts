import type { Clock } from '@tidewaiter/protocol/api'

/** The clock that counts now: one that runs, else the first that still waits, else the one that stopped last. */
export function nextClock(clocks: readonly Clock[]): Clock | undefined {
  const isRunning = ({ dueAt, stoppedAt }: Clock) => dueAt !== null && stoppedAt === null
  return clocks.find(isRunning) ?? clocks.find(({ stoppedAt }) => stoppedAt === null) ?? clocks.at(-1)
}
