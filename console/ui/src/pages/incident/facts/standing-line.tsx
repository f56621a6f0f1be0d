import type { IncidentDetail } from '@tidewaiter/protocol/api'
import { plural } from '../../../ui/numbers.ts'
import { Shape } from '../../../ui/symbols.tsx'
import { TimeText } from '../../../ui/time-text.tsx'
import type { FieldReports } from './field-report.ts'

/** One line for all fields: saved only when the console holds every one of them. */
export function StandingLine({ incident, reports }: { incident: IncidentDetail; reports: FieldReports }) {
  const text = unsavedText(reports)
  return (
    <span className="saved" role="status">
      {text ?? <Saved incident={incident} />}
    </span>
  )
}

function Saved({ incident: { facts, rev } }: { incident: IncidentDetail }) {
  const newest = facts.reduce((last, { at = '' }) => (at > last ? at : last), '')
  if (newest === '') return 'Nothing entered yet'
  return (
    <>
      <Shape name="ok" className="ok" />
      <span>
        Saved <TimeText at={newest} precision="second" /> · rev {rev}
      </span>
    </>
  )
}

/** The worst of what is not saved; undefined when the console holds it all. */
export function unsavedText(reports: FieldReports): string | undefined {
  const open = Object.values(reports).filter(({ isUnsaved, trouble }) => isUnsaved || trouble !== undefined)
  const having = (kind: string) => open.filter(({ status }) => status === kind).length
  if (having('conflict') > 0) return `${plural(having('conflict'), 'field')} changed by two people: choose one`
  const wrong = open.filter(({ trouble }) => trouble !== undefined).length
  if (wrong > 0) return `${plural(wrong, 'field')} to fix, not saved`
  if (having('saving') > 0) return 'Saving…'
  return open.length > 0 ? `${plural(open.length, 'field')} not saved yet` : undefined
}
