import type { Tlp } from '@tidewaiter/protocol/api'
import type { FieldProblem } from '../../ui/error-summary.tsx'
import { describe, FieldFrame, TextArea, TextField } from '../../ui/field.tsx'
import { FileDrop } from '../../ui/file-drop.tsx'
import { bytesText } from '../../ui/numbers.ts'
import type { ImportDraft } from './use-import.ts'

const labels: readonly Tlp[] = ['AMBER', 'AMBER+STRICT', 'GREEN', 'CLEAR', 'RED']
/** What the API takes, in characters. */
const mostChars = 32 * 1024 * 1024

interface Props {
  draft: ImportDraft
  problems: readonly FieldProblem[]
  onChange: (part: Partial<ImportDraft>) => void
  onRefuse: (problem: FieldProblem) => void
}

/** The list, pasted or from a file, and who says so. */
export function ListFields({ draft, problems, onChange, onRefuse }: Props) {
  const errorOf = (id: string) => problems.find((problem) => problem.id === id)?.text
  const take = (file: File) => {
    if (file.size > mostChars)
      onRefuse({
        id: 'indicators',
        text: `${file.name} has ${bytesText(file.size)}; a list may have 33.5 MB. Cut it in parts`,
      })
    else void file.text().then((text) => onChange({ text }))
  }
  return (
    <>
      <div>
        <TextArea
          label="Indicators"
          hint="Addresses, domains, URLs, hashes, e-mail addresses, accounts: one a line. Also CSV and STIX 2.1. hxxp and [.] are put right."
          id="indicators"
          rows={6}
          spellCheck={false}
          value={draft.text}
          error={errorOf('indicators')}
          onChange={(event) => onChange({ text: event.target.value })}
        />
        <FileDrop label="Choose a file…" accept=".txt,.csv,.json,.stix" onFile={take}>
          or drop one here; it is read into the field above
        </FileDrop>
      </div>
      <div className="side-by-side">
        <TextField
          label="Source"
          hint="Who says so, for example CBP SOC, call of 2026-10-29"
          id="source"
          value={draft.source}
          maxLength={200}
          error={errorOf('source')}
          onChange={(event) => onChange({ source: event.target.value })}
        />
        <FieldFrame id="tlp" label="TLP" hint="Where a line has none" error={undefined}>
          <select
            {...describe('tlp', { hint: true })}
            id="tlp"
            value={draft.tlp}
            onChange={(event) => onChange({ tlp: labels.find((label) => label === event.target.value) ?? 'AMBER' })}
          >
            {labels.map((label) => (
              <option key={label}>{label}</option>
            ))}
          </select>
        </FieldFrame>
      </div>
    </>
  )
}
