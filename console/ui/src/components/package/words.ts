import type { PackageRow, Tlp } from '@tidewaiter/protocol/api'

export const profileWords: Record<PackageRow['profile'], string> = { soc: 'CBP SOC', reconnection: 'Reconnection' }

export const discloseWords: Record<PackageRow['disclose'], string> = {
  records: 'The records that are cited, each with its proof',
  batches: 'Whole batches as sealed',
}

export const packageStateWords: Record<PackageRow['state'], string> = {
  building: 'Being built',
  built: 'Built',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

/** One that was made again as of the same cut has the number it had: it is the same package. */
export function packageStateText(row: PackageRow, rows: readonly PackageRow[]): string {
  return isBuiltAgain(row, rows) ? 'Built again, as of the same cut' : packageStateWords[row.state]
}

/** Whether the same package had been built before. */
export function isBuiltAgain({ number, state, builtAt }: PackageRow, rows: readonly PackageRow[]): boolean {
  const isEarlier = (other: PackageRow) =>
    other.number === number && other.state === 'built' && other.builtAt !== null && other.builtAt < (builtAt ?? '')
  return state === 'built' && rows.some(isEarlier)
}

export const tlpLabels: readonly Tlp[] = ['AMBER', 'AMBER+STRICT', 'GREEN', 'CLEAR', 'RED']

/** What a build does, by the step it names. */
const stepWords: Record<string, string> = {
  waiting: 'Waiting for another build to end',
  index: 'Waiting until everything received is read',
  cut: 'Fixing what the package is as of',
  records: 'Taking out the cited records, with their proofs',
  headers: 'Taking out the batch headers around them',
  documents: 'Writing the letter, the lists and the tables',
  packing: 'Packing and signing',
}

export function stepText({ step }: Pick<PackageRow, 'step'>): string {
  return stepWords[step] ?? step
}
