import type { ImportResult } from '@tidewaiter/protocol/api'
import { useEffect, useRef } from 'react'
import { count, plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

/** What was recognised, what was not and why, what is too broad. */
export function ImportOutcome({ result, isDone = false }: { result: ImportResult; isDone?: boolean }) {
  const { read, added, duplicate, refused, warned, recognised } = result
  const box = useRef<HTMLElement>(null)
  // The answer stands below a long form: whoever asked for it should not have to look for it.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section ref={box} className="stack" aria-label={isDone ? 'What was imported' : 'What is in the list'}>
      <p className="answer" role="status">
        {isDone
          ? `${plural(added, 'indicator')} imported`
          : `${plural(added, 'new indicator')} in ${plural(read, 'line')}`}
      </p>
      <dl className="ruled five">
        <Figure name="Read" value={read} />
        <Figure name={isDone ? 'Added' : 'New'} value={added} />
        <Figure name="Duplicates" value={duplicate} />
        <Figure name="Warned" value={warned.length} />
        <Figure name="Refused" value={refused.length} />
      </dl>
      {isDone && <p>They are matched with everything that is held now, and with everything that comes.</p>}
      <Lines title="Refused" meta="not imported" rows={refused} />
      <Lines title="Warned" meta="imported, look at them again" rows={warned} />
      {!isDone && recognised.length > 0 && (
        <Panel
          title="Recognised"
          meta={
            recognised.length < added + duplicate ? `the first ${count(recognised.length)}` : count(recognised.length)
          }
        >
          <Scroll label="Recognised indicators" className="some">
            <table>
              <thead>
                <tr>
                  <th scope="col">Value</th>
                  <th scope="col">Type</th>
                  <th scope="col">As written</th>
                </tr>
              </thead>
              <tbody>
                {recognised.map(({ type, value, as }, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
                  <tr key={`${at}${value}`}>
                    <th scope="row" className="mono">
                      <Verbatim text={value} />
                    </th>
                    <td>{type}</td>
                    <td className="mono">
                      {as === value ? <span className="muted">the same</span> : <Verbatim text={as} />}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </Panel>
      )}
    </section>
  )
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{count(value)}</b>
      </dd>
    </div>
  )
}

function Lines({ title, meta, rows }: { title: string; meta: string; rows: ImportResult['refused'] }) {
  if (rows.length === 0) return null
  return (
    <Panel title={title} meta={meta}>
      <Scroll label={`${title} lines`} className="some">
        <table>
          <thead>
            <tr>
              <th scope="col" className="num">
                Line
              </th>
              <th scope="col">Value</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ line, value, why }) => (
              <tr key={`${line}${value}`}>
                <td className="num mono">{count(line)}</td>
                <th scope="row" className="mono">
                  <Verbatim text={value} />
                </th>
                <td>{why}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  )
}
