import { useQuery } from '@tanstack/react-query'
import type { IncidentDetail } from '@tidewaiter/protocol/api'
import { brokerQuery } from '../../../api/broker.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { downloadText } from '../../../ui/download.ts'
import { Scroll } from '../../../ui/scroll.tsx'
import { Verbatim } from '../../../ui/verbatim.tsx'
import { noticeEml, noticeOf, noticeText } from './notice.ts'

/** The notice as it stands now, on paper; made of what is saved. Nothing is sent from here. */
export function Preview({ incident }: { incident: IncidentDetail }) {
  const { data: broker } = useQuery(brokerQuery)
  const met = new Set(incident.sightings.map(({ indicator }) => indicator.id)).size
  const notice = noticeOf(incident.facts, { met, broker: broker?.name ?? '' })
  return (
    <section className="preview" aria-labelledby="preview">
      <div className="head">
        <h2 id="preview">What the CBP SOC will read</h2>
        <span className="meta">Follows what is saved</span>
      </div>
      <Scroll label="Preview of the notice" className="paper">
        <p className="tlp">{notice.marking}</p>
        <p>
          <span className="pm">To</span> {notice.to}
          <br />
          <span className="pm">Subject</span> <Verbatim text={notice.subject} />
        </p>
        <hr />
        <dl>
          {notice.lines.map(({ label, text: says, isKnown }) => (
            <div key={label} className="pair">
              <dt>{label}</dt>
              <dd>{isKnown ? <Verbatim text={says} lines /> : <ins>{says}</ins>}</dd>
            </div>
          ))}
        </dl>
      </Scroll>
      <div className="actions">
        <CopyButton text={() => noticeText(notice)} label="the text of the notice" />
        <Button small onClick={() => downloadText(`${incident.id}-notice.eml`, noticeEml(notice))}>
          Download .eml
        </Button>
      </div>
      <p className="meta">
        Tidewaiter sends nothing. You send it, then enter when under “Written notice sent to CBP”; that stops the clock.
      </p>
    </section>
  )
}
