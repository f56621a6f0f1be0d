import type { ClipboardEvent } from 'react'
import { Button } from './button.tsx'
import { type TimePart, type TypedTime, typedFromMs, typedFromPaste } from './date-time.ts'
import { consoleNow } from './now.ts'

interface Props {
  /** Prefix of the ids; the first part has `<id>-month`. */
  id: string
  value: TypedTime
  zones: readonly string[]
  /** Part to mark as wrong. */
  wrong?: TimePart | undefined
  describedBy?: string | undefined
  onChange: (value: TypedTime) => void
}

const parts: readonly { part: TimePart; label: string; hint: string; look: string; length: number }[] = [
  { part: 'month', label: 'Month', hint: 'two digits, for example 03', look: 'two', length: 2 },
  { part: 'day', label: 'Day', hint: 'two digits, for example 09', look: 'two', length: 2 },
  { part: 'year', label: 'Year', hint: 'four digits, for example 2026', look: 'four', length: 4 },
  { part: 'time', label: 'Time, 24 h', hint: 'hour and minute, for example 14:22', look: 'five', length: 5 },
]

/** A time in parts that are typed, with its zone; a whole time that is pasted fills all of them. */
export function DateTimeField({ id, value, zones, wrong, describedBy, onChange }: Props) {
  const paste = (event: ClipboardEvent) => {
    const whole = typedFromPaste(event.clipboardData.getData('text'), zones)
    if (whole === undefined) return
    event.preventDefault()
    onChange(whole)
  }
  return (
    <div className="date">
      {parts.map(({ part, label, hint, look, length }) => (
        <label key={part}>
          <span>
            {label}
            <span className="vh">, {hint}</span>
          </span>
          <input
            id={`${id}-${part}`}
            className={`in-text ${look}`}
            inputMode={part === 'time' ? 'text' : 'numeric'}
            autoComplete="off"
            maxLength={length}
            value={value[part]}
            onPaste={paste}
            onChange={(event) => onChange({ ...value, [part]: event.target.value })}
            {...(wrong === part && { 'aria-invalid': true })}
            {...(describedBy !== undefined && { 'aria-describedby': describedBy })}
          />
        </label>
      ))}
      <label>
        Zone
        <select value={value.zone} onChange={(event) => onChange({ ...value, zone: event.target.value })}>
          {zones.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
      </label>
      <Button className="now" onClick={() => onChange(typedFromMs(consoleNow(), value.zone))}>
        Now
      </Button>
    </div>
  )
}
