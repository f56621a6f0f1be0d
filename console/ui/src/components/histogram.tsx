import type { Histogram } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { count } from '../ui/numbers.ts'
import { useZone } from '../ui/preferences.ts'
import { Scroll } from '../ui/scroll.tsx'
import { formatTime } from '../ui/time.ts'
import { TimeText } from '../ui/time-text.tsx'
import { barsOfBuckets, chartText, ticksOf } from './histogram-bars.ts'

const heightPx = 66

interface Props {
  histogram: Histogram
  bounds: { from: number; to: number }
  /** Narrows the search to one bar. */
  onPick: (range: { from: string; to: string }) => void
}

/** Events over time. Bars narrow the search with the mouse; the table of the same numbers does it by keyboard. */
export function HistogramChart({ histogram, bounds, onPick }: Props) {
  const [isTable, setTable] = useState(false)
  const zone = useZone()
  const pick = (at: string) => onPick({ from: at, to: new Date(Date.parse(at) + histogram.bucketMs).toISOString() })
  return (
    <div className="chart">
      {isTable ? (
        <BucketTable histogram={histogram} onPick={pick} />
      ) : (
        <svg className="hist" role="img" aria-label={chartText(histogram, zone)} width="100%" height="84">
          <line className="grid" x1="0" x2="100%" y1="18.5" y2="18.5" />
          <line className="grid" x1="0" x2="100%" y1="42.5" y2="42.5" />
          <line className="tick" x1="0" x2="100%" y1={heightPx + 0.5} y2={heightPx + 0.5} />
          {barsOfBuckets(histogram, bounds).map((bar) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the table beside it does the same by keyboard
            <rect
              key={bar.at}
              className="b"
              x={`${bar.x}%`}
              width={`${bar.width}%`}
              y={heightPx - bar.share * 50}
              height={bar.share * 50}
              onClick={() => pick(bar.at)}
            >
              <title>{`${count(bar.count)} from ${formatTime(bar.at, { zone })}`}</title>
            </rect>
          ))}
          {ticksOf(bounds).map(({ at, x, anchor }) => (
            <text key={at} className="axis" x={`${x}%`} y="80" textAnchor={anchor}>
              {formatTime(at, { zone, precision: 'minute', date: 'short' })}
            </text>
          ))}
        </svg>
      )}
      <Button kind="quiet" small className="chart-toggle" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
        {isTable ? 'Chart' : 'Table'}
      </Button>
    </div>
  )
}

function BucketTable({ histogram, onPick }: { histogram: Histogram; onPick: (at: string) => void }) {
  return (
    <Scroll label="Events over time" className="buckets">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" className="num">
              Events
            </th>
            <th scope="col">
              <span className="vh">Act</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {histogram.buckets.map(({ at, count: events }) => (
            <tr key={at}>
              <th scope="row">
                <TimeText at={at} />
              </th>
              <td className="num mono">{count(events)}</td>
              <td>
                <Button small kind="quiet" onClick={() => onPick(at)}>
                  Only these
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
