import { counted } from '@tidewaiter/protocol/counted'
import { unreadableText } from '../index/left-out.ts'
import { besideText, byTime, undecided } from './beside.ts'
import type { PackageContent } from './content.ts'

/** What whoever builds a package should know of it before it is sent: what it says nothing of. */
export function warningsOf({ state, disclosure }: Pick<PackageContent, 'state' | 'disclosure'>): string[] {
  return [...recordWarnings(disclosure), ...findingWarnings(state), ...ledgerWarnings(state)]
}

function ledgerWarnings({ leftOut }: PackageContent['state']): string[] {
  return leftOut === undefined || leftOut.batches === 0 ? [] : [unreadableText(leftOut)]
}

function recordWarnings({ records, cites }: PackageContent['disclosure']): string[] {
  if (records.length > 0) return []
  const why = cites.size === 0 ? 'nothing in this incident cites one' : `all ${cites.size} that are cited are withheld`
  return [`0 records are packed: ${why}.`]
}

function findingWarnings({ findings, beside = [] }: PackageContent['state']): string[] {
  const own = besideText(undecided(findings))
  const { inside, outside } = byTime(beside)
  const rows = [...Map.groupBy(inside, ({ row }) => row ?? 'no row of CBP')]
  const held = rows.map(([row, counts]) => `${row}: ${besideText(counts)}.`)
  const count = inside.reduce((sum, each) => sum + each.count, 0)
  return [
    ...(own === '' ? [] : [`Findings in this incident: ${own}.`]),
    ...(count === 0
      ? []
      : [
          `${counted(count, 'finding is', 'findings are')} held and not part of this incident. ${held.join(' ')} ` +
            'Put in what belongs to it ("tidewaiter incident add"): nothing is put in by itself.',
        ]),
    ...(outside === 0 ? [] : [`${counted(outside, 'finding lies', 'findings lie')} outside the time of the incident.`]),
  ]
}
