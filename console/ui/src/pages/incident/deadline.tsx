import type { Clock } from '@tidewaiter/protocol/api'
import { clockShare, clockTime, clockWords } from '../../components/shell/clock.ts'
import { useNow } from '../../ui/now.ts'
import { localZone, useZone } from '../../ui/preferences.ts'
import { Shape } from '../../ui/symbols.tsx'
import { formatTime, offsetMinutes, weekday } from '../../ui/time.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { nextClock } from './next-clock.ts'

/** The next deadline, large, with its time drawn; the others in a line each. */
export function NextDeadline({ clocks }: { clocks: readonly Clock[] }) {
  const now = useNow(60_000)
  const next = nextClock(clocks)
  if (next === undefined) return null
  const { tone, strong, rest } = clockWords(next, now)
  return (
    <section aria-label="Next deadline" className="deadline">
      <p className="number-line">
        <b className={tone === 'missed' ? 'number danger' : 'number'}>
          {tone === 'done' && <Shape name="ok" className="ok" />} {strong}
        </b>{' '}
        <span>
          {rest} <span className="muted">({next.authority})</span>
        </span>
      </p>
      <Due clock={next} />
      <TimeRuler clock={next} now={now} />
      <Counted clocks={clocks} />
      <ul className="meta">
        {clocks
          .filter((clock) => clock !== next)
          .map((clock) => (
            <li key={clock.id}>
              {clock.duty}: {clock.says}.
            </li>
          ))}
        <li>Anything learned later about the breach: within 72 hours of learning it.</li>
      </ul>
    </section>
  )
}

/** When it ends, by the reader's own clock too: the night the clocks change has cost people an hour. */
function Due({ clock: { startedAt, dueAt, stoppedAt } }: { clock: Clock }) {
  const zone = useZone()
  if (startedAt === null || dueAt === null || stoppedAt !== null) return null
  const changes = offsetMinutes(localZone, Date.parse(startedAt)) !== offsetMinutes(localZone, Date.parse(dueAt))
  return (
    <p className="hint">
      until {weekday(dueAt, zone)} <TimeText at={dueAt} precision="minute" />
      {zone !== localZone && (
        <>
          {' '}
          ({weekday(dueAt, localZone)} {formatTime(dueAt, { zone: localZone, precision: 'minute', date: 'none' })} on
          this computer{changes && '; the clocks change before it'})
        </>
      )}
    </p>
  )
}

/** Which days were counted: the rule does not say what a business day is, so that they can be looked at. */
function Counted({ clocks }: { clocks: readonly Clock[] }) {
  return clocks.map(
    ({ id, duty, counted }) =>
      counted !== null && (
        <p key={id} className="hint">
          {duty}: the days counted are {counted.days.map(dayText).join(', ')}, as they are in {counted.zone}. Weekends
          and federal holidays are not counted.
        </p>
      ),
  )
}

/** `Fri 10-30`: a day of the office, whatever zone the reader has chosen. */
function dayText(day: string): string {
  return `${weekday(day, 'UTC')} ${day.slice(5)}`
}

const divisions = Array.from({ length: 13 }, (_, at) => at)

/** Twelve divisions, six hours each on the clock of the notice. */
function TimeRuler({ clock, now }: { clock: Clock; now: number }) {
  const zone = useZone()
  const share = clockShare(clock, now)
  const { startedAt, dueAt, stoppedAt } = clock
  if (share === undefined || startedAt === null || dueAt === null) return null
  const short = (at: string) => formatTime(at, { zone, precision: 'minute', date: 'short' })
  const whole = clockTime(clock, Date.parse(dueAt) - Date.parse(startedAt))
  const x = `${(share * 100).toFixed(2)}%`
  const mark =
    stoppedAt === null
      ? `Now ${formatTime(new Date(now).toISOString(), { zone, precision: 'minute', date: 'none' })}`
      : `Stopped ${short(stoppedAt)}`
  const says = `${whole} from ${short(startedAt)} to ${short(dueAt)}. ${mark}, ${Math.round(share * 100)} percent of it gone.`
  return (
    <svg className="ruler wide" role="img" aria-label={says}>
      <line x1="0" x2="100%" y1="32.5" y2="32.5" />
      {divisions.map((at) => (
        <line key={at} x1={`${at * 8.333}%`} x2={`${at * 8.333}%`} y1={at % 4 === 0 ? 22 : 28} y2="33" />
      ))}
      <rect className="run" x="0" y="33" width={x} height="4" />
      <line className="now" x1={x} x2={x} y1="18" y2="38" />
      <text className="ink" x={x} y="12" textAnchor={share < 0.2 ? 'start' : share > 0.8 ? 'end' : 'middle'}>
        {mark}
      </text>
      <text x="0" y="54">
        Started {short(startedAt)}
      </text>
      <text x="100%" y="54" textAnchor="end">
        Due {short(dueAt)}
      </text>
    </svg>
  )
}
