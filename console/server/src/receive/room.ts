import type { Batch, SignedHead } from '@tidewaiter/protocol'
import { isRefusal } from '../error.ts'
import type { Ledger } from '../ledger/ledger.ts'

type Kept = { position: number; head: SignedHead }
type At = { receivedAtMs: number; branch: string | null }

/**
 * The way into the ledger when its disk may be full: what it does not take waits here in its order, and goes on by
 * itself when there is room again.
 */
export interface Room {
  /** Resolves when the batch is on disk; undefined when its owner left before that. Rejects with what is no full disk. */
  append(batch: Batch, at: At & { owner: object }): Promise<Kept | undefined>
  /** What of this owner waits for room is dropped: nobody was told that it is held. */
  leave(owner: object): void
  /** Since when nothing is taken; undefined while there is room. */
  fullSinceMs(): number | undefined
  close(): void
}

interface RoomOptions {
  ledger: Pick<Ledger, 'append'>
  retryMs: number
  now(): number
  changed(isFull: boolean): void
}

/** How a wait ends: one tries for all, the others follow when it got in. */
type Turn = 'probe' | 'follow' | 'gone'

interface Waiting {
  owner: object
  go(turn: Turn): void
}

export function openRoom({ ledger, retryMs, now, changed }: RoomOptions): Room {
  let line: Waiting[] = []
  let fullSinceMs: number | undefined
  let timer: NodeJS.Timeout | undefined
  let isProbing = false
  const left = new WeakSet<object>()
  let isOpen = true

  const reopen = () => {
    if (fullSinceMs === undefined) return
    fullSinceMs = undefined
    changed(false)
    tell('follow', line.splice(0))
  }
  const probe = () => {
    timer = undefined
    const first = line.splice(0, 1)
    // With nobody left to try, whoever comes next does.
    if (first.length === 0) return reopen()
    isProbing = true
    tell('probe', first)
  }
  const shut = () => {
    if (!isOpen) return
    if (fullSinceMs === undefined) {
      fullSinceMs = now()
      changed(true)
    }
    if (!isProbing) timer ??= setTimeout(probe, retryMs)
  }
  const wait = (owner: object, isFirst: boolean) =>
    new Promise<Turn>((go) => {
      if (!isOpen || left.has(owner)) go('gone')
      else if (isFirst) line.unshift({ owner, go })
      else line.push({ owner, go })
    })

  /** Undefined when there was no room for it. */
  const attempt = async (batch: Batch, at: At, isProbe: boolean): Promise<Kept | undefined> => {
    const outcome = await ledger.append(batch, at).then(
      (kept) => ({ kept }),
      (cause: unknown) => ({ cause }),
    )
    if (isProbe) isProbing = false
    if ('kept' in outcome) {
      reopen()
      return outcome.kept
    }
    const isFull = isRefusal(outcome.cause) && outcome.cause.code === 'disk-full'
    if (isFull || fullSinceMs !== undefined) shut()
    if (!isFull) throw outcome.cause
    return undefined
  }

  return {
    async append(batch, { owner, ...at }) {
      let turn = fullSinceMs === undefined ? 'follow' : await wait(owner, false)
      while (turn !== 'gone') {
        const isProbe = turn === 'probe'
        const kept = await attempt(batch, at, isProbe)
        if (kept !== undefined) return kept
        turn = await wait(owner, isProbe)
      }
      return undefined
    },
    leave(owner) {
      left.add(owner)
      const gone = line.filter((waiting) => waiting.owner === owner)
      line = line.filter((waiting) => waiting.owner !== owner)
      tell('gone', gone)
    },
    fullSinceMs: () => fullSinceMs,
    close() {
      isOpen = false
      clearTimeout(timer)
      tell('gone', line.splice(0))
    },
  }
}

function tell(turn: Turn, waiting: readonly Waiting[]): void {
  for (const { go } of waiting) go(turn)
}
