import { consoleNow } from './now.ts'
import { localZone, useZone } from './preferences.ts'
import { agoText, formatTime, type TimeFormat } from './time.ts'

/** The one way a time is shown: in the zone of the reader's choice, and the other zone in its title. */
export function TimeText({ at, precision, date }: { at: string } & Omit<TimeFormat, 'zone'>) {
  const zone = useZone()
  const other = zone === 'UTC' ? localZone : 'UTC'
  const format = { ...(precision && { precision }), ...(date && { date }) }
  const title = `${formatTime(at, { zone })} · ${other}: ${formatTime(at, { zone: other })} · ${agoText(at, consoleNow())}`
  return (
    <time dateTime={at} title={title}>
      {formatTime(at, { zone, ...format })}
    </time>
  )
}
