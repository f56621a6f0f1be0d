import type { IncidentDetail } from '@tidewaiter/protocol/api'
import { type RefObject, useEffect, useRef } from 'react'
import { Empty } from '../../components/empty.tsx'
import { Note } from '../../components/note.tsx'
import { links } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Link } from '../../ui/link.tsx'
import { FindingRow, RecordRow, SightingRow } from './items/item-rows.tsx'
import { ItemsPanel } from './items/items-panel.tsx'
import { type Removal, useRemoval } from './items/use-removal.ts'

/** What people put into the incident: findings, sightings, records. The package discloses the records they cite. */
export function FindingsTab({ incident }: { incident: IncidentDetail }) {
  const { items, findings, sightings } = incident
  const removal = useRemoval(incident.id)
  const whole = useRef<HTMLElement>(null)
  const having = (kind: string) => items.filter((item) => item.kind === kind)
  return (
    <section className="stack" aria-label="What is in the incident" tabIndex={-1} ref={whole}>
      <Undo removal={removal} whole={whole} />
      {items.length === 0 && <Nothing />}
      <ItemsPanel title="Findings" total={having('finding').length} heads={['Host', 'State']}>
        {having('finding').map((item) => (
          <FindingRow
            key={item.id}
            item={item}
            removal={removal}
            finding={findings.find(({ id }) => id === item.ref)}
          />
        ))}
      </ItemsPanel>
      <ItemsPanel title="Sightings" total={having('sighting').length} heads={['Host', 'Met']}>
        {having('sighting').map((item) => (
          <SightingRow
            key={item.id}
            item={item}
            removal={removal}
            sighting={sightings.find(({ id }) => id === item.ref)}
          />
        ))}
      </ItemsPanel>
      <ItemsPanel title="Records" total={having('record').length} heads={['Host', 'Time']}>
        {having('record').map((item) => (
          <RecordRow key={item.id} item={item} removal={removal} />
        ))}
      </ItemsPanel>
    </section>
  )
}

const kindWords = { finding: 'The finding', sighting: 'The sighting', record: 'The record' }

/** The last removal, and the way back. It takes the focus, because the button that was pressed is gone. */
function Undo({ removal, whole }: { removal: Removal; whole: RefObject<HTMLElement | null> }) {
  const { removed, undo, blocked } = removal
  const box = useRef<HTMLDivElement>(null)
  const id = removed?.id
  useKeys(
    removed === undefined ? [] : [{ keys: 'u', label: 'Put back what was removed', group: 'Incident', run: undo }],
  )
  useEffect(() => {
    if (id === undefined) return
    box.current?.querySelector('button')?.focus()
    return () => whole.current?.focus()
  }, [id, whole])
  return (
    <div ref={box} role="status" className="undo">
      {removed !== undefined && (
        <Note
          shape="info"
          action={
            <Button small hint="u" blocked={blocked} onClick={undo}>
              Undo
            </Button>
          }
        >
          {kindWords[removed.kind]} was removed. Packages built before keep it.
        </Note>
      )}
    </div>
  )
}

function Nothing() {
  return (
    <Empty
      state={{
        kind: 'nothing-yet',
        title: 'Nothing in this incident yet',
        says: 'Findings, sightings and records come in with “Add to …”, or the key a, wherever you read them. The package discloses the records they cite.',
        actions: (
          <>
            <Link className="btn" to={links.findings({})}>
              Findings
            </Link>
            <Link className="btn" to={links.indicators('sightings')}>
              Sightings
            </Link>
            <Link className="btn" to={links.search()}>
              Search
            </Link>
          </>
        ),
      }}
    />
  )
}
