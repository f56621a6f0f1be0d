import { FieldFrame, TextField } from '../ui/field.tsx'
import { localZone } from '../ui/preferences.ts'
import type { BrokerField } from './broker-problems.ts'

/** What a field gets from the form it stands in. `change` is applied to what is typed. */
type FieldOf = (
  id: BrokerField,
  change?: (text: string) => string,
) => {
  id: string
  value: string
  error: string | undefined
  onChange: (event: { target: { value: string } }) => void
}

const zones = [...new Set(['UTC', localZone, ...Intl.supportedValuesOf('timeZone')])].sort()

export function BrokerFields({ field }: { field: FieldOf }) {
  return (
    <>
      <TextField label="Broker name" autoComplete="organization" maxLength={200} {...field('brokerName')} />
      <TextField
        label="Filer code"
        hint="Three letters or digits. Leave it empty when it is not at hand."
        className="code"
        maxLength={3}
        autoComplete="off"
        {...field('filerCode', (text) => text.toUpperCase())}
      />
    </>
  )
}

export function ZoneField({ field, hint }: { field: FieldOf; hint: string }) {
  const { error, ...control } = field('zone')
  const known = zones.includes(control.value) ? zones : [control.value, ...zones]
  return (
    <FieldFrame id={control.id} label="Time zone of the office" hint={hint} error={error}>
      <select aria-describedby={`${control.id}-hint`} {...control}>
        {known.map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </select>
    </FieldFrame>
  )
}
