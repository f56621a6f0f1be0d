import type { EarlierAnswer, Fact } from '@tidewaiter/protocol/api'
import { fieldOf } from '../incidents/fields.ts'
import type { PackageContent } from './content.ts'
import { type Block, heading, paragraph, table } from './page.ts'
import { shown } from './shown.ts'

const unanswered: Record<Exclude<Fact['state'], 'answered'>, string> = {
  unanswered: 'Not answered',
  'not-known-yet': 'Not known yet',
  'does-not-apply': 'Does not apply',
}

/** Facts in CBP's own order, and the clocks of 19 CFR 111.21(b). */
export function factBlocks(content: PackageContent): Block[] {
  const { facts, clocks, incident } = content
  return [
    heading('Facts'),
    table(
      'What CBP asks, in its order',
      ['Fact', 'Answer', 'Recorded'],
      facts.map((fact) => [fact.label, answerOf(fact, content), recordedOf(fact)]),
    ),
    heading('Deadlines'),
    table(
      'Clocks that run',
      ['Duty', 'Authority', 'Started', 'Due', 'Stopped', 'State'],
      clocks.map(({ duty, authority, startedAt, dueAt, stoppedAt, says }) => [
        duty,
        authority,
        startedAt ?? 'not yet',
        dueAt ?? 'not yet',
        stoppedAt ?? '',
        says,
      ]),
    ),
    ...clocks.flatMap(({ duty, counted }) =>
      counted === null
        ? []
        : [
            paragraph(
              `${duty}: the days counted are ${counted.days.join(', ')}, as they are in ${shown(counted.zone)}. ` +
                'Weekends and federal holidays (5 U.S.C. 6103) are not counted.',
            ),
          ],
    ),
    paragraph(`Times are UTC. This incident was opened in the console at ${incident.openedAt}.`),
  ]
}

/** When it was recorded. A time that moves a clock never stands as if it had always been so. */
function recordedOf(fact: Fact): string {
  const { field, at, by = '', rev, earlier = [] } = fact
  if (at === undefined) return ''
  if (fieldOf(field)?.movesClock !== true) return `${at}, revision ${rev}`
  return [`${at} by ${shown(by)}, revision ${rev}`, ...earlier.map(earlierLine)].join('\n')
}

function earlierLine({ state, value, at, changedAt, changedBy, reason = 'no reason given' }: EarlierAnswer): string {
  const was = state === 'answered' ? instant(value) : `"${unanswered[state].toLowerCase()}"`
  return `earlier recorded as ${was} at ${at}, changed at ${changedAt} by ${shown(changedBy)}: ${shown(reason)}`
}

function answerOf({ field, kind, state, value }: Fact, { importerNumbers }: PackageContent): string {
  if (state !== 'answered') return unanswered[state]
  if (kind === 'time') return value.split('/').map(instant).join(' to ')
  if (field !== 'importerNumbers') return value.split('\n').map(shown).join('\n')
  // The numbers are sensitive themselves: the letter counts them by kind, the list goes by another channel.
  const { ein = 0, ssn = 0, cbp = 0 } = importerNumbers ?? {}
  return `${ein + ssn + cbp} known: ${ein} EIN, ${ssn} SSN, ${cbp} CBP-assigned. The numbers are not in this package.`
}

/** In UTC, and as it was entered. */
function instant(text: string): string {
  const utc = new Date(text).toISOString()
  return utc === text ? utc : `${utc} (entered as ${text})`
}
