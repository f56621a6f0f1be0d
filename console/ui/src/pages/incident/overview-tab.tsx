import type { IncidentDetail } from '@tidewaiter/protocol/api'
import { Panel } from '../../ui/panel.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { latestChanges } from './changes.ts'
import { Checklist } from './checklist.tsx'
import { NextDeadline } from './deadline.tsx'

const mostChanges = 6

/** Where the incident stands: the next deadline, what CBP will ask, what was done last. */
export function OverviewTab({ incident }: { incident: IncidentDetail }) {
  return (
    <div className="stack">
      <NextDeadline clocks={incident.clocks} />
      <div className="cols halves">
        <Checklist incident={incident} />
        <Latest incident={incident} />
      </div>
    </div>
  )
}

function Latest({ incident }: { incident: IncidentDetail }) {
  const changes = latestChanges(incident, mostChanges)
  return (
    <Panel title="Done last" meta={`revision ${incident.rev}`}>
      <ol className="plain-list changes">
        {changes.map(({ id, at, by, says }) => (
          <li key={id}>
            <TimeText at={at} precision="minute" />
            <span>
              {says}
              <span className="meta block">
                <Verbatim text={by} />
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
