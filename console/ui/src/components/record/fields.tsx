import { links } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { fieldsOf, pivotField } from '../event-text.ts'
import { quoted } from '../query/chips.ts'
import { fields } from '../query/fields.ts'

const searchable = new Set(fields.map(({ name }) => name))
/** As far back as a value is looked for from here. */
const pivotFrom = '-30d'

export type Narrow = (term: { field: string; value: string; not?: boolean }) => void

/** What a decoder read from the record. Values that can be searched lead to where else they were seen. */
export function Fields({ document, onNarrow }: { document: Record<string, unknown>; onNarrow?: Narrow | undefined }) {
  return (
    <dl className="facts fields">
      {fieldsOf(document).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="mono">
            <Value name={name} value={value} onNarrow={onNarrow} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ name, value, onNarrow }: { name: string; value: string; onNarrow?: Narrow | undefined }) {
  if (!searchable.has(name) || value === '' || value.length > 500) return <Verbatim text={value} />
  const field = pivotField(name, value)
  return (
    <>
      <Link to={links.search({ q: `${field}:${quoted(value)}`, from: pivotFrom })}>
        <Verbatim text={value} />
      </Link>
      {onNarrow !== undefined && (
        <span className="narrow">
          <Button small kind="quiet" onClick={() => onNarrow({ field: name, value })}>
            Only<span className="vh"> {`${name} ${value}`}</span>
          </Button>
          <Button small kind="quiet" onClick={() => onNarrow({ field: name, value, not: true })}>
            Not<span className="vh"> {`${name} ${value}`}</span>
          </Button>
        </span>
      )}
    </>
  )
}
