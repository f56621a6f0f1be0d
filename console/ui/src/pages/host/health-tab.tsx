import type { HostDetail } from '@tidewaiter/protocol/api'
import { Fragment } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { bytesText, count, inFours, plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { skewText } from '../../ui/time.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { capText } from './cap-text.ts'
import { isExpired } from './expired.ts'
import { Irregularities } from './irregularities.tsx'
import { LetRenew } from './let-renew.tsx'
import { Revoke } from './revoke.tsx'
import { Silences } from './silences.tsx'
import { SourcesNow } from './sources-now.tsx'

/** The agent: its sources now, its own use of the machine, its key, and what was irregular. */
export function HealthTab({ host }: { host: HostDetail }) {
  return (
    <div className="cols halves">
      <SourcesNow host={host} />
      <div className="stack">
        <Agent host={host} />
        <Silences host={host} />
        <Irregularities host={host} />
      </div>
    </div>
  )
}

/** What bounds the agent on its host, and which bound slows it down now. */
function Caps({ caps }: { caps: HostDetail['caps'] }) {
  const biting = caps.filter(({ since }) => since !== undefined)
  return (
    <>
      <dt>Caps</dt>
      <dd>{caps.length === 0 ? 'Not told' : caps.map(capText).join(', ')}</dd>
      {biting.map(({ cap, since, why = '' }) => (
        <Fragment key={cap}>
          <dt>Slowed down</dt>
          <dd>
            <Verbatim text={why} />
            {since !== undefined && (
              <>
                {' '}
                Since <TimeText at={since} precision="second" />.
              </>
            )}
          </dd>
        </Fragment>
      ))}
    </>
  )
}

function Agent({ host }: { host: HostDetail }) {
  const { spool, cpuPercent, rssBytes, clockOffsetMs, certificateExpiresAt } = host
  return (
    <Panel
      title="Agent"
      meta={host.agent}
      end={
        <span className="actions">
          {isExpired(host) && <LetRenew host={host} />}
          <Revoke host={host} />
        </span>
      }
    >
      <dl className="facts in">
        <dt>Enrolled</dt>
        <dd>
          <TimeText at={host.enrolledAt} />
        </dd>
        <dt>Load</dt>
        <dd>
          {cpuPercent === null ? 'Not told' : `CPU ${cpuPercent.toFixed(1)} %`}
          {rssBytes !== null && `, memory ${bytesText(rssBytes)}`}
        </dd>
        <dt>Spool</dt>
        <dd>
          {spool === null
            ? 'Not told'
            : `${plural(spool.batches, 'batch', 'batches')}, ${bytesText(spool.bytes)}, ${count(spool.unacked)} not yet acknowledged`}
        </dd>
        <Caps caps={host.caps} />
        <dt>Newest batch</dt>
        <dd>
          {count(host.seq)},{' '}
          {host.lag === 0 ? 'all read' : `${plural(host.lag, 'batch', 'batches')} held but not yet read`}
        </dd>
        <dt>Clock</dt>
        <dd>{clockOffsetMs === null ? 'Not measured' : skewText(clockOffsetMs)}</dd>
        <dt>Certificate ends</dt>
        <dd>{certificateExpiresAt === null ? 'None' : <TimeText at={certificateExpiresAt} precision="minute" />}</dd>
        <dt>Key</dt>
        <dd className="mono">
          {inFours(host.publicKeyFingerprint)} <CopyButton text={host.publicKeyFingerprint} label="the fingerprint" />
        </dd>
        <dt>Id</dt>
        <dd className="mono">{host.id}</dd>
      </dl>
    </Panel>
  )
}
