import { useQuery } from '@tanstack/react-query'
import { type MatrixRow, otherResources } from '@tidewaiter/protocol'
import { hostMatrixQuery } from '../../api/hosts.ts'
import { Empty } from '../../components/empty.tsx'
import { Skeleton, Stateful } from '../../components/stateful.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Shape } from '../../ui/symbols.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

const words: Record<MatrixRow['state'], string> = {
  ok: 'Taken',
  'not-enabled': 'Not enabled',
  failed: 'Fails',
  'not-taken': 'Not on this platform',
  'nothing-yet': 'Nothing yet',
  unknown: 'Not known',
}
const shapes = {
  ok: 'ok',
  'not-enabled': 'wait',
  failed: 'no',
  'not-taken': 'wait',
  'nothing-yet': 'wait',
  unknown: 'wait',
} as const

/** What the agent takes of each of CBP's investigative resources, what it needs for that, and what nobody would see. */
export function MatrixPanel({ id }: { id: string }) {
  const query = useQuery(hostMatrixQuery(id))
  return (
    <Stateful query={query} noun="what the agent can take" skeleton={<Skeleton rows={6} />}>
      {({ rows }) => <Matrix rows={rows} />}
    </Stateful>
  )
}

function Matrix({ rows }: { rows: readonly MatrixRow[] }) {
  const taken = rows.filter(({ state }) => state === 'ok').length
  return (
    <Panel
      title="What this host can give, and what nobody would see"
      meta={rows.length === 0 ? undefined : `${taken} of ${rows.length} kinds of evidence are taken`}
      foot="In the agent’s own words, as it sealed them when it started. CBP Pub. 3526-0124, Section 2."
    >
      {rows.length === 0 ? (
        <Empty
          state={{
            kind: 'nothing-yet',
            title: 'The agent has not said what it can take',
            says: 'It does so when it starts. Agents of older versions do not.',
          }}
        />
      ) : (
        <>
          {[...Map.groupBy(rows, ({ resource }) => resource)].map(([resource, own]) => (
            <section key={resource} className="in">
              <h3>
                <Verbatim text={resource} />
              </h3>
              <ul className="checks">
                {own.map((row) => (
                  <Row key={row.collector} row={row} />
                ))}
              </ul>
            </section>
          ))}
          {otherResources.map((resource) => (
            <section key={resource} className="in">
              <h3>{resource}</h3>
              <p className="meta">No agent can take this.</p>
            </section>
          ))}
        </>
      )}
    </Panel>
  )
}

function Row({ row: { collector, state, sources, fixes, reads, needs, cannotSee, provenOn } }: { row: MatrixRow }) {
  const lines = [
    ...fixes.map((fix) => ['Fix', fix] as const),
    ['Needs', needs] as const,
    ['Cannot see', cannotSee] as const,
    ['Proven on', provenOn] as const,
  ]
  return (
    <li className={state === 'ok' ? undefined : 'wait'}>
      <Shape name={shapes[state]} />
      {/* What can be mended is what somebody looks for. */}
      <details open={fixes.length > 0 && state !== 'ok'}>
        <summary>
          <span className="mono">{collector}</span>{' '}
          <span className="meta">
            <Verbatim text={reads} />
          </span>
        </summary>
        {lines.map(([label, says]) => (
          <span key={`${label} ${says}`} className="meta block">
            {label}: <Verbatim text={says} />
          </span>
        ))}
      </details>
      <span className="r">{sources.of > 1 ? `${words[state]}, ${sources.ok} of ${sources.of}` : words[state]}</span>
    </li>
  )
}
