import { historyText } from '@tidewaiter/protocol'
import type { HostDetail } from '@tidewaiter/protocol/api'
import { Empty } from '../../components/empty.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Shape } from '../../ui/symbols.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

const stateWords = { ok: 'Works', 'not-enabled': 'Not enabled', failed: 'Failed' } as const
const stateShapes = { ok: 'ok', 'not-enabled': 'wait', failed: 'no' } as const

/** What the agent says of its sources now: which do not work, why, and the fix. */
export function SourcesNow({ host: { now, status } }: { host: HostDetail }) {
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
              <span className="r">{stateWords[state]}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
