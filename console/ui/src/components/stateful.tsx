import type { ReactNode } from 'react'
import { useLiveState } from '../api/live.ts'
import { Button } from '../ui/button.tsx'
import { Delayed } from '../ui/delayed.tsx'
import { useKeys } from '../ui/keys.ts'
import { count } from '../ui/numbers.ts'
import { TimeText } from '../ui/time-text.tsx'
import { Empty, type EmptyState } from './empty.tsx'
import { type Job, JobProgress } from './job-progress.tsx'
import { Note } from './note.tsx'
import { ProblemNote } from './problem-note.tsx'

/** What `Stateful` needs of a query; TanStack's results have it. */
export interface Asked<T> {
  data: T | undefined
  error: Error | null
  dataUpdatedAt: number
  refetch: () => unknown
}

interface Props<T> {
  query: Asked<T>
  /** What is being read, in the words of its title: `hosts`, `the record`. */
  noun: string
  /** Placeholder of the size that the data will have. */
  skeleton?: ReactNode
  /** Says why there is nothing to show; undefined when there is something. */
  empty?: (data: T) => EmptyState | undefined
  /** Says what the data does not cover. */
  partial?: (data: T) => { says: ReactNode; action?: ReactNode } | undefined
  /** A running job whose result the data will be. */
  job?: (data: T) => Job | undefined
  /** Rows that arrived and wait to be shown. */
  fresh?: { count: number; noun: string; show: () => void }
  children: (data: T) => ReactNode
}

/**
 * The one component through which a page shows what it asked for: loading, five kinds of empty, incomplete, failed,
 * old, new rows waiting, job running, and the data itself.
 */
export function Stateful<T>({ query, noun, skeleton, empty, partial, job, fresh, children }: Props<T>) {
  const { data, error } = query
  if (data === undefined)
    return error === null ? (
      <Loading noun={noun} skeleton={skeleton} />
    ) : (
      <ProblemNote title={`Not read: ${noun}`} error={error} retry={() => void query.refetch()} />
    )
  const nothing = empty?.(data)
  const gap = partial?.(data)
  const running = job?.(data)
  return (
    <>
      <Stale query={query} noun={noun} />
      {gap !== undefined && (
        <Note shape="lagging" action={gap.action}>
          <b>Incomplete.</b> {gap.says}
        </Note>
      )}
      {fresh !== undefined && (nothing === undefined || fresh.count > 0) && <Fresh {...fresh} />}
      {running !== undefined && <JobProgress job={running} />}
      {nothing === undefined ? children(data) : <Empty state={nothing} />}
    </>
  )
}

function Loading({ noun, skeleton }: { noun: string; skeleton: ReactNode }) {
  return (
    <div aria-busy="true" className="loading">
      <Delayed ms={150}>
        <p className="meta">Loading {noun}…</p>
      </Delayed>
      {skeleton ?? <Skeleton rows={6} />}
    </div>
  )
}

/** Bars in place of rows; they appear late, so that a quick answer does not flicker. */
export function Skeleton({ rows }: { rows: number }) {
  const bars = Array.from({ length: rows }, (_, at) => at)
  return (
    <div className="skeleton" aria-hidden="true">
      {bars.map((at) => (
        <span key={at} />
      ))}
    </div>
  )
}

/** Data that could not be renewed stays, with the time it is of. The shell says the same of a lost connection. */
function Stale<T>({ query, noun }: { query: Asked<T>; noun: string }) {
  const offline = useLiveState().state === 'offline'
  if (query.error === null || offline) return null
  return (
    <Note
      shape="silent"
      action={
        <Button small onClick={() => void query.refetch()}>
          Try again
        </Button>
      }
    >
      <b>Not renewed.</b> You see {noun} as of <TimeText at={new Date(query.dataUpdatedAt).toISOString()} />. The last
      try failed: {query.error.message}
    </Note>
  )
}

/** Its room is kept while nothing waits, so that the rows below never move. */
function Fresh({ count: waiting, noun, show }: { count: number; noun: string; show: () => void }) {
  useKeys(waiting > 0 ? [{ keys: '.', label: 'Show new rows', group: 'Lists', run: show }] : [])
  return (
    <div className="fresh">
      <span role="status">
        {waiting > 0 && (
          <Button small hint="." onClick={show}>
            {count(waiting)} new {noun}, show
          </Button>
        )}
      </span>
      {waiting === 0 && <span className="meta">New rows wait here until you ask for them</span>}
    </div>
  )
}
