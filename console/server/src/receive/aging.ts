import type { HostStatus } from '@tidewaiter/protocol/api'
import type { Backlog } from './backlog.ts'
import type { Hall } from './hall.ts'
import { statusOf } from './status.ts'

/**
 * A host that falls silent sends nothing that would tell the screens of it. Looks again and again whether the status of
 * any host is another one because time went by.
 */
export function openAging(hall: Pick<Hall, 'standings' | 'room' | 'now' | 'changed'>, backlog: Backlog): () => void {
  const before = new Map<string, HostStatus>()
  return () => {
    const around = { lagSinceMs: backlog.oldestMs(), fullSinceMs: hall.room.fullSinceMs(), isServed: true }
    for (const [host, standing] of hall.standings.all()) {
      // What is in the table of hosts changes by an act, which tells the screens itself.
      const row = { kind: 'agent', state: 'active', enrolledMs: 0, certificateEndsMs: undefined } as const
      const { status } = statusOf({ ...row, ...standing, ...around, lag: backlog.of(host) }, hall.now())
      if (before.get(host) !== status && before.has(host)) hall.changed(host)
      before.set(host, status)
    }
  }
}
