import type { Fact, IncidentDetail, IncidentItem, PackageRow } from '@tidewaiter/protocol/api'
import { isBuiltAgain } from '../../components/package/words.ts'
import { clockFields } from './facts/check.ts'
import { stateWords } from './facts/notice.ts'

/** One thing that a person did in an incident. */
export interface Change {
  id: string
  at: string
  by: string
  says: string
}

const packageWords: Record<PackageRow['state'], string> = {
  building: 'is being built',
  built: 'built',
  failed: 'failed',
  cancelled: 'cancelled',
}

const kindWords: Record<IncidentItem['kind'], string> = { finding: 'Finding', sighting: 'Sighting', record: 'Record' }

/**
 * What was done last, newest first; of a fact its newest revision, of a time that moves a legal clock every one. Values
 * are not repeated here.
 */
export function latestChanges(incident: IncidentDetail, most: number): Change[] {
  const { facts, items, packages, openedAt, openedBy } = incident
  const answered = facts.flatMap(answersOf)
  const added = items.map(({ id, kind, addedAt, addedBy }) => ({
    id,
    at: addedAt,
    by: addedBy,
    says: `${kindWords[kind]} put in`,
  }))
  const built = packages.flatMap((row) => {
    const { id, number, state, builtAt, builtBy } = row
    const word = isBuiltAgain(row, packages) ? 'built again' : packageWords[state]
    return builtAt === null ? [] : [{ id, at: builtAt, by: builtBy, says: `Package P-${number} ${word}` }]
  })
  const opened = { id: 'opened', at: openedAt, by: openedBy, says: 'Incident opened' }
  return [opened, ...answered, ...added, ...built].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, most)
}

function answersOf(fact: Fact): Change[] {
  const { field, label, earlier = [] } = fact
  const movesClock = clockFields.has(field)
  const answers = movesClock ? [fact, ...earlier] : [fact]
  return answers.flatMap(({ state, at, by, rev }, i) => {
    if (at === undefined || by === undefined) return []
    const word = movesClock && i < earlier.length ? 'changed' : 'answered'
    const says = state === 'answered' ? word : stateWords[state].toLowerCase()
    return [{ id: `${field} ${rev}`, at, by, says: `${label}: ${says}` }]
  })
}
