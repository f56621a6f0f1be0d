import type { CoverageSpan } from '@tidewaiter/protocol/api'

/** What a reader must see comes first: losses, then gaps, then what was never asked for, then what is covered. */
export function coverageRank({ state }: Pick<CoverageSpan, 'state'>): number {
  return ranks[state]
}

const ranks: Record<CoverageSpan['state'], number> = {
  lost: 0,
  'not-reachable': 1,
  'not-enabled': 1,
  'not-asked': 2,
  covered: 3,
}
