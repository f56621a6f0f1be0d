import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Indicator } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { expireIndicator, sightingsQuery } from '../../api/indicators.ts'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { Stateful } from '../../components/stateful.tsx'
import { links } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { Link } from '../../ui/link.tsx'
import { plural } from '../../ui/numbers.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { say } from '../../ui/toast.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

interface Props {
  indicator: Indicator
  onClose: () => void
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
}

/** One indicator: who says so, how long it holds, where it was met. */
export function IndicatorDrawer({ indicator, onClose, onPrevious, onNext }: Props) {
  return (
    <Drawer
      noun="indicator"
      title={
        <span className="mono">
          <Verbatim text={indicator.value} />
        </span>
      }
      mark={<span className="meta">{indicator.expired ? 'Expired' : 'In force'}</span>}
      onClose={onClose}
      onPrevious={onPrevious}
      onNext={onNext}
      footer={<Expire indicator={indicator} />}
    >
      <section>
        <dl className="facts">
          <dt>Type</dt>
          <dd>{indicator.type}</dd>
          <dt>Source</dt>
          <dd>
            <Verbatim text={indicator.source} />
          </dd>
          <dt>Confidence</dt>
          <dd>{indicator.confidence ?? 'Not told'}</dd>
          <dt>TLP</dt>
          <dd>{indicator.tlp}</dd>
          <dt>Valid</dt>
          <dd>
            from <TimeText at={indicator.validFrom} precision="minute" />
            {indicator.validUntil !== null && (
              <>
                {' '}
                until <TimeText at={indicator.validUntil} precision="minute" />
              </>
            )}
          </dd>
          <dt>Added</dt>
          <dd>
            <TimeText at={indicator.addedAt} precision="minute" /> by <Verbatim text={indicator.addedBy} />
          </dd>
          {indicator.note !== '' && (
            <>
              <dt>Note</dt>
              <dd>
                <Verbatim text={indicator.note} />
              </dd>
            </>
          )}
        </dl>
      </section>
      <MetWhere indicator={indicator} />
    </Drawer>
  )
}

function MetWhere({ indicator }: { indicator: Indicator }) {
  const query = useQuery(sightingsQuery(indicator.id))
  return (
    <section>
      <h3>Sightings</h3>
      <Stateful
        query={query}
        noun="sightings"
        empty={({ rows }) =>
          rows.length > 0
            ? undefined
            : {
                kind: 'good-news',
                title: 'Not met',
                says: 'In nothing that is held. A sweep says for which hosts and times that holds.',
                actions: (
                  <Link className="btn" to={links.indicators('sweep', indicator.id)}>
                    Sweep
                  </Link>
                ),
              }
        }
      >
        {({ rows }) => (
          <ul className="plain-list">
            {rows.map((sighting) => (
              <li key={sighting.id}>
                <Link to={links.indicators('sightings', indicator.id)}>
                  <Verbatim text={sighting.host.name} />
                </Link>
                <span>{plural(sighting.count, 'time')}</span>
                <span className="meta end">
                  last <TimeText at={sighting.lastAt} precision="minute" />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Stateful>
    </section>
  )
}

/** Ends an indicator. It stays in the list, and in what was already found by it. */
function Expire({ indicator }: { indicator: Indicator }) {
  const [isAsked, setAsked] = useState(false)
  const held = useHeld('investigate')
  const queries = useQueryClient()
  const expire = useMutation({
    mutationFn: () => expireIndicator(indicator.id),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['indicators'] })
      say(`${indicator.value} is expired.`)
      setAsked(false)
    },
  })
  if (!isAsked)
    return (
      <Button blocked={indicator.expired ? 'it is expired already' : held} onClick={() => setAsked(true)}>
        Expire…
      </Button>
    )
  return (
    <div className="reason">
      {expire.error !== null && <ProblemNote title="Not expired" error={expire.error} />}
      <p>It is matched no more from now on. Sightings so far stay. This cannot be taken back.</p>
      <div className="actions">
        <Button
          kind="danger"
          onClick={() => expire.mutate()}
          {...(expire.isPending && { blocked: 'it is being expired' })}
        >
          Expire it
        </Button>
        <Button onClick={() => setAsked(false)}>Cancel</Button>
      </div>
    </div>
  )
}
