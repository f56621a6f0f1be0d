import { counted } from '@tidewaiter/protocol/counted'

/** Batches that are in the ledger and not in the index, of all hosts. */
export interface LeftOut {
  batches: number
  /** Ledger positions of the first of them. */
  positions: number[]
}

export const nothingLeftOut: LeftOut = { batches: 0, positions: [] }

/** `2 batches of the ledger cannot be read, at positions 4, 7: none of their records was looked at.` */
export function unreadableText({ batches, positions }: LeftOut): string {
  const more = batches > positions.length ? ` and ${batches - positions.length} more` : ''
  const at = `${batches === 1 ? 'position' : 'positions'} ${positions.join(', ')}${more}`
  return `${counted(batches, 'batch', 'batches')} of the ledger cannot be read, at ${at}: none of ${batches === 1 ? 'its' : 'their'} records was looked at.`
}
