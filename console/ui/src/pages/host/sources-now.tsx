import { historyText } from '@tidewaiter/protocol'
import type { HostDetail } from '@tidewaiter/protocol/api'
import { Empty } from '../../components/empty.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Shape } from '../../ui/symbols.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

const stateWords = { ok: 'Works', 'not-enabled': 'Not enabled', failed: 'Failed' } as const
/** Losses of one source that stand here; all are under Summary. */
const mostLosses = 3
const stateShapes = { ok: 'ok', 'not-enabled': 'wait', failed: 'no' } as const

/** What the agent says of its sources now: which do not work, why, and the fix. */
export function SourcesNow({ host: { now, status, sources } }: { host: HostDetail }) {
  const losses = Map.groupBy(
    sources.filter(({ state }) => state === 'lost'),
    ({ id }) => id,
  )
  const failing = now.filter(({ state }) => state !== 'ok').length
  return (
    <Panel title="Sources now" meta={`${now.length - failing} of ${now.length} work`}>
      {now.length === 0 ? (
        <Empty
          state={{
            kind: 'nothing-yet',
            title: 'The agent says nothing now',
            says:
              status === 'silent'
                ? 'It is silent. What it covered before stands under Summary.'
                : 'Its first report is on its way.',
          }}
        />
      ) : (
        <ul className="in checks">
          {now.map(({ id, state, why, fix, backfill }) => (
            <li key={id} className={state === 'ok' ? undefined : 'wait'}>
              <Shape name={stateShapes[state]} />
              <span>
                <span className="mono">
                  <Verbatim text={id} />
                </span>
                {backfill !== undefined && <span className="meta block">{capital(historyText(backfill))}</span>}
                {(losses.get(id) ?? []).slice(0, mostLosses).map(({ from, why = 'Not known why' }) => (
                  <span key={`${from} ${why}`} className="meta block">
                    Lost: <Verbatim text={why} />
                  </span>
                ))}
                {why !== undefined && (
                  <span className="meta block">
                    <Verbatim text={why} />
                  </span>
                )}
                {fix !== undefined && (
                  <span className="meta block">
                    Fix:{' '}
                    <span className="mono">
                      <Verbatim text={fix} />
                    </span>
                  </span>
                )}
              </span>
              <span className="r">{wordOf(state, losses.has(id))}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** One that works now may have lost something before. */
function wordOf(state: HostDetail['now'][number]['state'], hasLost: boolean): string {
  return state === 'ok' && hasLost ? 'Works, with losses' : stateWords[state]
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
