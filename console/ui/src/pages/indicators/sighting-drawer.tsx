import type { Sighting } from '@tidewaiter/protocol/api'
import { AddToIncident } from '../../components/add-to-incident.tsx'
import { RecordLines } from '../../components/finding/record-lines.tsx'
import { HostName } from '../../components/host-name.tsx'
import { quoted } from '../../components/query/chips.ts'
import { RecordDrawer } from '../../components/record/record-drawer.tsx'
import { links } from '../../links.ts'
import { Drawer } from '../../ui/drawer.tsx'
import { type Href, Link, useGo } from '../../ui/link.tsx'
import { plural } from '../../ui/numbers.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

interface Props {
  sighting: Sighting
  rows: readonly Sighting[]
  /** Id of the record that is open in place of the sighting; empty for none. */
  record: string
  to: (part: { open?: string; record?: string }) => Href
}

/** A sighting beside the list, or one of its records. */
export function OpenSighting({ sighting, rows, record, to }: Props) {
  const go = useGo()
  const back = to({ open: sighting.id })
  if (record !== '')
    return (
      <RecordDrawer
        key={record}
        id={record}
        mark={
          <nav aria-label="Way back">
            <ol className="crumb">
              <li>
                <Link to={back}>Sighting</Link>
              </li>
              <li aria-current="page">Record</li>
            </ol>
          </nav>
        }
        onClose={() => go(back, 'replace')}
      />
    )
  const at = rows.indexOf(sighting)
  const turn = (index: number) => {
    const row = rows[index]
    return at < 0 || row === undefined ? undefined : () => go(to({ open: row.id }), 'replace')
  }
  const { indicator, observable, host, firstAt, lastAt } = sighting
  const records = [...new Set([sighting.firstRecord, sighting.lastRecord])].filter((id) => id !== '')
  const pivot = observable.type === 'account' ? 'user.name:' : observable.type === 'ip' ? 'ip:' : ''
  return (
    <Drawer
      key={sighting.id}
      noun="sighting"
      title={
        <>
          <span className="mono">
            <Verbatim text={observable.value} />
          </span>{' '}
          on <HostName host={host} />
        </>
      }
      mark={<span className="meta">Sighting</span>}
      onClose={() => go(to({}), 'replace')}
      onPrevious={turn(at - 1)}
      onNext={turn(at + 1)}
      footer={
        <>
          <AddToIncident item={{ kind: 'sighting', ref: sighting.id }} />
          <Link className="btn" to={links.search({ q: `${pivot}${quoted(observable.value)}`, from: '-30d' })}>
            Look for it on all hosts
          </Link>
        </>
      }
    >
      <section>
        <dl className="facts">
          <dt>Indicator</dt>
          <dd>
            <Link to={links.indicators('list', indicator.id)}>
              <span className="mono">
                <Verbatim text={indicator.value} />
              </span>
            </Link>{' '}
            <span className="meta">
              <Verbatim text={indicator.source} />
            </span>
          </dd>
          <dt>Host</dt>
          <dd>
            <Link to={links.host(host.id)}>
              <HostName host={host} />
            </Link>
          </dd>
          <dt>First</dt>
          <dd>
            <TimeText at={firstAt} />
          </dd>
          <dt>Last</dt>
          <dd>
            <TimeText at={lastAt} /> <span className="meta">{plural(sighting.count, 'time')}</span>
          </dd>
        </dl>
      </section>
      <RecordLines ids={records} total={sighting.count} hrefOf={(id) => to({ open: sighting.id, record: id })} />
    </Drawer>
  )
}
