import type { Backfill } from './frame.ts'

/** Whole percent, and 100 only when it is finished. */
export function percentOf({ done, total, finishedAt }: Backfill): number {
  return finishedAt !== null ? 100 : total === 0 ? 0 : Math.min(99, Math.floor((100 * done) / total))
}

/** Files that are over and were not read, or not to their end: each is a loss of the source. */
export function lostFilesOf({ files, finishedAt }: Backfill): number {
  return finishedAt === null || files === undefined ? 0 : files.total - files.done
}

function lostText(backfill: Backfill): string {
  const lost = lostFilesOf(backfill)
  return lost > 0 ? `, ${lost} could not be read whole: see its losses` : ''
}

/** In words, as agent and console say it: `reading its history: 3 of 12 files, 41 %`. */
export function historyText(backfill: Backfill): string {
  const { files, finishedAt } = backfill
  const count = files === undefined ? '' : `${files.done} of ${files.total} ${files.total === 1 ? 'file' : 'files'}`
  if (finishedAt !== null) return count === '' ? 'history read' : `history read: ${count}${lostText(backfill)}`
  return `reading its history: ${count === '' ? '' : `${count}, `}${percentOf(backfill)} %`
}
