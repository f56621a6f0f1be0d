import { Shape } from '../../../ui/symbols.tsx'
import { TimeText } from '../../../ui/time-text.tsx'
import { Verbatim } from '../../../ui/verbatim.tsx'
import { isUnsaved } from './editor.ts'
import type { FactEditing } from './use-fact.ts'

/** What the console holds of a field, and since when; never more than it said. */
export function Kept({ editing }: { editing: FactEditing }) {
  const { status, base } = editing
  if (status.kind !== 'kept') return <p className="saved">{waiting(editing)}</p>
  if (base.at === undefined) return null
  return (
    <p className="saved">
      <Shape name="ok" className="ok" />
      <span>
        Saved <TimeText at={base.at} precision="second" /> · rev {base.rev}
        {base.by !== undefined && (
          <>
            {' '}
            by <Verbatim text={base.by} />
          </>
        )}
        {base.reason !== undefined && (
          <>
            . Reason: <Verbatim text={base.reason} />
          </>
        )}
      </span>
    </p>
  )
}

/** Why what stands in the form is not kept yet. */
function waiting(editing: FactEditing): string {
  const { status, checked, blocked } = editing
  if (status.kind === 'saving') return 'Saving…'
  if (status.kind === 'conflict') return 'Not saved: choose one of the two'
  if (checked.kind === 'incomplete')
    return isUnsaved(editing) ? 'Not saved: enter a value, or choose “Not known yet”' : 'Enter a value'
  if (blocked !== undefined) return `Not saved yet: ${blocked}`
  return 'Not saved yet'
}
