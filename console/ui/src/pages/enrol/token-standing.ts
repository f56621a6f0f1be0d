import type { TokenRow } from '@tidewaiter/protocol/api'

/** Whether a token still lets a computer in, in one word. */
export interface Standing {
  isGood: boolean
  word: 'In force' | 'Used up' | 'Ended' | 'Revoked'
}

export function standingOf({ uses, used, expiresAt, revokedAt }: TokenRow, nowMs: number): Standing {
  if (revokedAt !== null) return { isGood: false, word: 'Revoked' }
  if (used >= uses) return { isGood: false, word: 'Used up' }
  if (Date.parse(expiresAt) <= nowMs) return { isGood: false, word: 'Ended' }
  return { isGood: true, word: 'In force' }
}
