import type { HostStatus } from '@tidewaiter/protocol/api'
import { successorIn } from './farewell.ts'
import type { Hall } from './hall.ts'
import type { Back } from './own-clock.ts'
import { silenceOf } from './silence.ts'
import type { Silences } from './silences.ts'
import { type Seen, statusOf } from './status.ts'

interface WatchingOptions {
  hall: Pick<Hall, 'store' | 'standings' | 'room' | 'backlog' | 'heldBack' | 'ownClock' | 'now' | 'changed'>
  silences: Silences
}

/** A host that could be heard of: what is in the table changes by an act, which tells the screens itself. */
const active = { kind: 'agent', state: 'active', enrolledMs: 0, isServed: true } as const

/**
 * A host that falls silent sends nothing that would tell of it. Looks again and again whether any host is silent, or
 * stands otherwise than before, because time went by.
 */
export async function openWatching({ hall, silences }: WatchingOptions): Promise<() => void> {
  const { ownClock, backlog, heldBack } = hall
  const before = new Map<string, HostStatus>()
  // Those of the console's life before: who does not come back is to be noticed as well.
  const awaited = await awaitedHosts(hall.store)
  return () => {
    const away = ownClock.look()
    if (away !== undefined && away.setMs !== 0) {
      hall.standings.shift(away.setMs)
      silences.shift(away.setMs)
    }
    const nowMs = hall.now()
    const back = ownClock.back()
    const around = { lagSinceMs: backlog.oldestMs(), fullSinceMs: hall.room.fullSinceMs(), back }
    for (const [host, standing] of hall.standings.all()) {
      awaited.delete(host)
      const seen = {
        ...active,
        certificateEndsMs: undefined,
        ...standing,
        ...around,
        lag: backlog.of(host),
        heldBack: heldBack.why(host),
      }
      const { status } = statusOf(seen, nowMs)
      if (before.get(host) !== status && before.has(host)) hall.changed(host)
      before.set(host, status)
      const isMoved = successorIn(standing.farewell) !== undefined
      if (!isMoved) silences.judge(host, silenceOf(seen, nowMs), standing.heardMs)
    }
    judgeAwaited(awaited, { silences, back, nowMs })
  }
}

function judgeAwaited(
  awaited: Map<string, Heard>,
  { silences, back, nowMs }: { silences: Silences; back: Back; nowMs: number },
): void {
  for (const [host, known] of awaited) {
    const silence = silenceOf({ ...active, ...known, isConnected: false, back }, nowMs)
    if (silence === undefined) continue
    silences.judge(host, silence, known.heardMs)
    // From now on only its coming back changes anything.
    awaited.delete(host)
  }
}

type Heard = Pick<Seen, 'heardMs' | 'certificateEndsMs' | 'farewell'>

async function awaitedHosts(store: Hall['store']): Promise<Map<string, Heard>> {
  const rows = await store
    .selectFrom('host')
    .select(['id', 'last_seen_at', 'farewell', 'certificate_expires_at'])
    .where('kind', '=', 'agent')
    .where('state', '=', 'active')
    .where('last_seen_at', 'is not', null)
    .execute()
  const toMs = (time: string | null) => (time === null ? undefined : Date.parse(time))
  const known = rows.map(({ id, last_seen_at, farewell, certificate_expires_at }) => {
    const times = { heardMs: toMs(last_seen_at), certificateEndsMs: toMs(certificate_expires_at) }
    return [id, { ...times, farewell }] as const
  })
  // One that goes on as another host is heard of there.
  return new Map(known.filter(([, { farewell }]) => successorIn(farewell) === undefined))
}
