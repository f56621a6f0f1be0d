import type { DetectorCard } from '@tidewaiter/protocol/api'
import { count, plural } from '../../ui/numbers.ts'
import type { EmptyState } from '../empty.tsx'

type Card = Pick<DetectorCard, 'title' | 'sees' | 'blind'>

/** Why no finding is of this host: none was found only where a detector that is not blind there looked. */
export function nothingFoundOn(host: string, detectors: readonly Card[]): EmptyState {
  const looked = detectors.filter(({ sees }) => sees.includes(host))
  const blind = detectors.filter(({ sees }) => !sees.includes(host))
  if (looked.length === 0)
    return {
      kind: 'not-looked',
      title: 'No detector can see this host',
      says: 'It sends nothing that a detector of this version reads. That no finding is here speaks neither for nor against it.',
    }
  return {
    kind: 'good-news',
    title: 'No findings on this host',
    says: `Looked at: ${titles(looked)}.${blind.length === 0 ? '' : ` Blind here: ${titles(blind)}.`}`,
  }
}

/** The same of the whole fleet. */
export function nothingFoundAnywhere(detectors: readonly Card[]): EmptyState {
  const sees = new Set(detectors.flatMap((detector) => detector.sees))
  const blind = new Set(detectors.flatMap((detector) => detector.blind))
  const all = plural(detectors.length, 'detector')
  if (sees.size === 0 && blind.size === 0)
    return {
      kind: 'nothing-yet',
      title: 'No findings yet',
      says: `${all} ${detectors.length === 1 ? 'waits' : 'wait'}: no host sends anything yet.`,
    }
  if (sees.size === 0)
    return {
      kind: 'not-looked',
      title: 'No findings yet',
      says: `${all} ${detectors.length === 1 ? 'is' : 'are'} blind on ${plural(blind.size, 'host')}, which ${blind.size === 1 ? 'sends' : 'send'} nothing that is read: nothing was looked at.`,
    }
  return {
    kind: 'good-news',
    title: 'No findings',
    says: `${all} looked on ${plural(sees.size, 'host')}; ${blind.size === 0 ? 'none of them is blind anywhere' : `at least one is blind on ${plural(blind.size, 'host')}`}.`,
  }
}

const mostTitles = 4

function titles(detectors: readonly Card[]): string {
  const shown = detectors.slice(0, mostTitles).map(({ title }) => title)
  const more = detectors.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`
}
