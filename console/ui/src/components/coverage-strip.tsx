import type { CoverageSpan, CoverageState } from '@tidewaiter/protocol/api'
import { useZone } from '../ui/preferences.ts'
import { type Bounds, barsOf, stripText } from './coverage.ts'

const classes: Record<CoverageState, string> = {
  covered: 'covered',
  lost: 'lost',
  'not-enabled': 'noten',
  'not-asked': 'notasked',
  'not-reachable': 'unreach',
}

/** Solid covered, black lost, hatched not reachable, dashed not enabled, bare line not asked. */
export function CoverageStrip({ spans, bounds }: { spans: readonly CoverageSpan[]; bounds: Bounds }) {
  const zone = useZone()
  return (
    <svg className="strip" role="img" aria-label={stripText(spans, zone)}>
      <line className="base" x1="0" x2="100%" y1="11.5" y2="11.5" />
      {barsOf(spans, bounds).map((bar) => (
        <rect
          key={`${bar.state}${bar.x}`}
          className={classes[bar.state]}
          x={`${bar.x}%`}
          y="1"
          width={`${bar.width}%`}
          height="10"
        />
      ))}
    </svg>
  )
}

const entries: readonly [CoverageState, string][] = [
  ['covered', 'covered'],
  ['lost', 'lost'],
  ['not-reachable', 'not reachable'],
  ['not-enabled', 'not enabled'],
]

export function StripLegend() {
  return (
    <span className="legend">
      {entries.map(([state, word]) => (
        <span key={state}>
          <svg aria-hidden="true">
            <rect className={classes[state]} x=".5" y=".5" width="13" height="9" />
          </svg>
          {word}
        </span>
      ))}
      <span>
        <svg aria-hidden="true">
          <line className="base" x1="0" x2="14" y1="9.5" y2="9.5" />
        </svg>
        not asked
      </span>
    </span>
  )
}
