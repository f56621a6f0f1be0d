import type { Fact } from '@tidewaiter/protocol/api'
import { type FocusEvent, useState } from 'react'
import type { TypedTime } from '../../../ui/date-time.ts'
import { DateTimeField } from '../../../ui/date-time-field.tsx'
import { localZone } from '../../../ui/preferences.ts'
import { intervalField } from './check.ts'
import type { FieldTrouble } from './field-report.ts'
import { type ReadTimes, readTimes, type TypedTimes, typedTimes } from './times.ts'

interface Props {
  id: string
  fact: Fact
  /** One instant, or two with a slash between them. */
  value: string
  onValue: (value: string) => void
  /** What cannot be read, said once the field is left; undefined when all is well. */
  onTrouble: (trouble: FieldTrouble | undefined) => void
  describedBy: string
}

const zones = [...new Set(['UTC', localZone])]
const idsOf = (id: string) => [id, `${id}-until`] as const

/** What is wrong with the parts as they stand, and the control to go to. */
function troubleIn(read: ReadTimes, id: string, value: string): FieldTrouble | undefined {
  if (read.kind === 'problem') return { says: read.says, control: `${idsOf(id)[read.at]}-${read.part}` }
  if (read.kind === 'empty' && value !== '')
    return { says: 'Enter the time, or choose “Not known yet”.', control: `${id}-month` }
  return undefined
}

/** A time in parts; a span has a second one, which may stay empty. */
export function FactTime({ id, fact, value, onValue, onTrouble, describedBy }: Props) {
  const [shown, setShown] = useState({ value, typed: typedTimes(value, zones) })
  const [isLeft, setLeft] = useState(false)
  // The value came from elsewhere: what was typed before it is no longer what stands.
  if (shown.value !== value) setShown({ value, typed: typedTimes(value, zones) })
  const read = readTimes(shown.typed)
  const change = (typed: TypedTimes) => {
    const next = readTimes(typed)
    setShown({ typed, value: next.kind === 'value' ? next.value : value })
    if (next.kind !== 'value') return
    onTrouble(undefined)
    onValue(next.value)
  }
  const leave = (event: FocusEvent) => {
    if (event.currentTarget.contains(event.relatedTarget)) return
    setLeft(true)
    onTrouble(troubleIn(read, id, value))
  }
  const field = (at: 0 | 1, onChange: (time: TypedTime) => void) => (
    <DateTimeField
      id={idsOf(id)[at]}
      value={shown.typed[at]}
      zones={zones}
      wrong={isLeft && read.kind === 'problem' && read.at === at ? read.part : undefined}
      describedBy={describedBy}
      onChange={onChange}
    />
  )
  const [from, until] = shown.typed
  const first = field(0, (time) => change([time, until]))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears when the focus has left its parts
    <div onBlur={leave} className="stack tight">
      {fact.field === intervalField ? (
        <>
          <fieldset>
            <legend className="sub-legend">From</legend>
            {first}
          </fieldset>
          <fieldset>
            <legend className="sub-legend">Until, where it was not one moment</legend>
            {field(1, (time) => change([from, time]))}
          </fieldset>
        </>
      ) : (
        first
      )}
    </div>
  )
}
