import type { RowTile } from '@tidewaiter/protocol/api'
import { SeverityChip } from '../../components/severity.tsx'
import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { count, plural } from '../../ui/numbers.ts'
import { Verbatim } from '../../ui/verbatim.tsx'

/** The eight indicators of compromise of CBP's table, in CBP's words. */
export function RowTiles({ rows }: { rows: readonly RowTile[] }) {
  return (
    <section aria-label="Eight indicators of compromise">
      <h2 className="vh">Eight indicators of compromise</h2>
      <ul className="ruled tiles">
        {rows.map((tile) => (
          <li key={tile.row}>
            {tile.detector === null ? (
              <div className="tile">
                <h3>{tile.row}</h3>
                <span className="count zero">
                  <small>Not looked in this version</small>
                </span>
                <span className="cov">No detector reads for this row yet: nothing here speaks for or against it.</span>
              </div>
            ) : (
              <Looked tile={tile} detector={tile.detector} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Looked({ tile, detector }: { tile: RowTile; detector: string }) {
  const { row, open, worst, fact, looked, hosts, trend } = tile
  return (
    <Link className="tile" to={links.findings({ detectors: [detector] })}>
      <h3>{row}</h3>
      <span className={open > 0 ? 'count' : 'count zero'}>
        {count(open)} <small>new</small> {worst !== null && open > 0 && <SeverityChip severity={worst} />}
      </span>
      <Spark trend={trend} />
      <span className="gist">{fact === '' ? inWords(tile) : <Verbatim text={fact} />}</span>
      <span className="cov">
        {looked === 0 ? 'Blind: no host sends what it reads' : `Looked on ${count(looked)} of ${plural(hosts, 'host')}`}
      </span>
    </Link>
  )
}

/** What is said where nothing is open: nothing found is only said where something was looked at. */
function inWords({ total, looked }: RowTile): string {
  if (total > 0) return `${plural(total, 'finding')} decided`
  return looked === 0 ? 'Nothing looked at' : 'Nothing found'
}

/** Findings per two hours over the last day; the highest stands out. */
function Spark({ trend }: { trend: readonly number[] }) {
  const most = Math.max(...trend, 1)
  const bars = trend.map((value, at) => ({ x: at * 6, height: value === 0 ? 0 : Math.max(3, (value / most) * 24) }))
  return (
    <svg className="spark" viewBox="0 0 72 28" aria-hidden="true">
      <line x1="0" x2="72" y1="27.5" y2="27.5" />
      {bars.map(({ x, height }) => (
        <rect key={x} className={height === 24 ? 'hot' : undefined} x={x} y={27 - height} width="4.5" height={height} />
      ))}
    </svg>
  )
}
