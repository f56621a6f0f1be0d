import type { ReactNode } from 'react'
import { count } from '../ui/numbers.ts'
import { durationText } from '../ui/time.ts'

export interface Job {
  /** What is being done now, in words. */
  step: string
  done: number
  of: number
  /** Since when, to say how much longer; left out where that would be a guess. */
  startedAt?: number
  /** How an amount is written; a plain count when left out. */
  amount?: (value: number) => string
  cancel?: ReactNode
  stays?: boolean
}

/** Time left at the rate so far; undefined before a rate is known. */
function leftMs(job: Pick<Job, 'done' | 'of' | 'startedAt'>, now: number): number | undefined {
  if (job.startedAt === undefined || job.done <= 0 || job.of <= job.done) return undefined
  const elapsed = now - job.startedAt
  return elapsed < 1000 ? undefined : (elapsed * (job.of - job.done)) / job.done
}

/** A determinate job: what, how far, how long still, how to stop it. */
export function JobProgress({ job }: { job: Job }) {
  const left = leftMs(job, Date.now())
  const { amount = count } = job
  return (
    <div className="job" role="status">
      <span>{job.step}</span>
      {job.of > 0 ? (
        <progress value={job.done} max={job.of} aria-label={job.step} />
      ) : (
        <progress aria-label={job.step} />
      )}
      <span className="meta nowrap">
        {job.of > 0 && `${amount(job.done)} of ${amount(job.of)}`}
        {left !== undefined && ` · ${durationText(left)} left`}
      </span>
      {job.cancel}
      {job.stays !== true && <span className="meta">You can leave this page; it goes on.</span>}
    </div>
  )
}
