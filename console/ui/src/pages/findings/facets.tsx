import { useQuery } from '@tanstack/react-query'
import type { Finding } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { detectorsQuery } from '../../api/findings.ts'
import { severities, severityWords, verdicts, verdictWords } from '../../components/severity.tsx'
import { shortId, useSharedNames } from '../../components/shared-names.ts'
import type { FindingsUrl } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { escapeText } from '../../ui/escape.ts'
import { Scroll } from '../../ui/scroll.tsx'
import { Icon } from '../../ui/symbols.tsx'
import { countsOf, toggled } from './filter.ts'

interface Props {
  findings: readonly Finding[]
  url: FindingsUrl
  onChange: (part: Partial<FindingsUrl>) => void
}

/** Filters with counts; what is chosen stands in the address. */
export function Facets({ findings, url, onChange }: Props) {
  const [isOpen, setOpen] = useState(false)
  const detectors = useQuery(detectorsQuery).data?.rows ?? []
  const counts = countsOf(findings, url)
  const shared = useSharedNames()
  const known = new Set(detectors.map(({ id }) => id))
  const others = [...new Set(findings.map(({ detector }) => detector))].filter((id) => !known.has(id))
  const hosts = new Map(findings.flatMap(({ host }) => (host === null ? [] : [[host.id, host.name] as const])))
  return (
    <Scroll label="Filters" className={isOpen ? 'facet open' : 'facet'}>
      <h2 className="vh">Filters</h2>
      <Button small className="facet-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters <Icon name="down" />
      </Button>
      <Group
        title="State"
        chosen={url.verdicts}
        counts={counts.verdicts}
        options={verdicts.map((value) => ({ value, text: verdictWords[value] }))}
        onChange={(chosen) => onChange({ verdicts: chosen })}
      />
      <Group
        title="Indicators of compromise"
        chosen={url.detectors}
        counts={counts.detectors}
        options={[
          ...detectors.map(({ id, title }) => ({ value: id, text: title })),
          ...others.map((id) => ({ value: id, text: id })),
        ]}
        onChange={(chosen) => onChange({ detectors: chosen })}
      />
      <Group
        title="Severity"
        chosen={url.severities}
        counts={counts.severities}
        options={severities.map((value) => ({ value, text: severityWords[value] }))}
        onChange={(chosen) => onChange({ severities: chosen })}
      />
      <label className="host-filter">
        <h3>Host</h3>
        <select value={url.host} onChange={(event) => onChange({ host: event.target.value })}>
          <option value="">All hosts</option>
          {[...hosts].map(([id, name]) => (
            <option key={id} value={id}>
              {escapeText(name)}
              {shared.has(name.toLowerCase()) && ` ${shortId(id)}`}
            </option>
          ))}
        </select>
      </label>
    </Scroll>
  )
}

interface GroupProps {
  title: string
  chosen: readonly string[]
  counts: ReadonlyMap<string, number>
  options: readonly { value: string; text: string }[]
  onChange: (chosen: readonly string[]) => void
}

function Group({ title, chosen, counts, options, onChange }: GroupProps) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {options.map(({ value, text }) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => onChange(toggled(chosen, value))} />{' '}
          {text} <span className="n">{counts.get(value) ?? 0}</span>
        </label>
      ))}
    </fieldset>
  )
}
