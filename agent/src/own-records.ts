import { toChunk, toRecord } from './chunk.ts'
import type { Host } from './host.ts'
import type { Handing, Sealer } from './seal/sealer.ts'
import { toTime } from './time.ts'

/** What the agent says about itself, by the source it stands in. Each is a record of the chain like any other. */
interface Kinds {
  'agent:run':
    | 'started'
    | 'collectors'
    | 'stopped'
    | 'spool-set-aside'
    | 'spool-removed'
    | 'spool-was-full'
    | 'new-chain'
    | 'clock-step'
    | 'asleep'
    | 'stalled'
    | 'use'
    | 'sources'
  'agent:task': 'task-received' | 'task-refused' | 'task-answered'
  'agent:policy': 'policy'
  'agent:artifact': 'artifact' | 'artifact-lost'
  'agent:gap': 'gap'
}

export interface OwnRecords {
  /** Hands one record over to be sealed: a row of JSON `{kind, at, ...what}`. False when the signal aborted before. */
  note<S extends keyof Kinds>(
    source: S,
    kind: Kinds[S],
    what: object,
    handing?: Pick<Handing, 'remember' | 'signal'>,
  ): Promise<boolean>
  /** Says that the agent had nothing to say: silence of these sources is proof only while it is alive. */
  beAlive(signal?: AbortSignal): Promise<void>
}

const sources = ['agent:run', 'agent:task', 'agent:policy', 'agent:artifact', 'agent:gap'] as const

interface OwnRecordsOptions {
  host: Pick<Host, 'now'>
  sealer: Pick<Sealer, 'positionOf' | 'take'>
}

export function newOwnRecords({ host, sealer }: OwnRecordsOptions): OwnRecords {
  const numbers = new Map<string, number>()
  const numberOf = (source: string) => {
    const position = sealer.positionOf(source)
    return numbers.get(source) ?? (position !== undefined && 'number' in position ? position.number : 0)
  }
  return {
    async note(source, kind, what, handing = {}) {
      const number = numberOf(source)
      // Taken before anything is waited for: two records never share a number.
      numbers.set(source, number + 1)
      const at = toTime(host.now())
      const head = { source, start: { number }, readAt: at, method: 'agent', unit: 'row', lf: true } as const
      const chunk = toChunk(head, [toRecord({ kind, at, ...what })])
      const isTaken = await sealer.take({ source, chunks: [chunk], next: { number: number + 1 } }, handing)
      // One that no record has would be missing ever after.
      if (!isTaken && numbers.get(source) === number + 1) numbers.set(source, number)
      return isTaken
    },
    async beAlive(signal) {
      for (const source of sources) {
        // Not the number of a record that still waits to be taken.
        const next = sealer.positionOf(source) ?? { number: 0 }
        await sealer.take({ source, chunks: [], next }, signal === undefined ? {} : { signal })
      }
    },
  }
}
