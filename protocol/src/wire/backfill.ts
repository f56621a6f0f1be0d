import type { Backfill } from './frame.ts'

/** Whole percent, and 100 only when it is finished. */
export function percentOf({ done, total, finishedAt }: Backfill): number {
  return finishedAt !== null ? 100 : total === 0 ? 0 : Math.min(99, Math.floor((100 * done) / total))
}

/** In words, as agent and console say it: `reading its history: 3 of 12 files, 41 %`. */
export function historyText(backfill: Backfill): string {
  const { files, finishedAt } = backfill
  const count = files === undefined ? '' : `${files.done} of ${files.total} ${files.total === 1 ? 'file' : 'files'}`
  if (finishedAt !== null) return count === '' ? 'history read' : `history read: ${count}`
  return `reading its history: ${count === '' ? '' : `${count}, `}${percentOf(backfill)} %`
}
