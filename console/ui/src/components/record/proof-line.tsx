import { useQuery } from '@tanstack/react-query'
import type { RecordDetail } from '@tidewaiter/protocol/api'
import { count } from '../../ui/numbers.ts'
import { Shape } from '../../ui/symbols.tsx'
import { checkRecord } from '../checks/ask-worker.ts'
import { ProblemNote } from '../problem-note.tsx'

/** Where the record is sealed, and whether its proof holds: checked here, on the reader's own computer. */
export function ProofLine({ detail }: { detail: RecordDetail }) {
  const [, batch = ''] = detail.record.split('/')
  const check = useQuery({
    queryKey: ['proof', detail.record],
    queryFn: () => checkRecord(detail),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  if (check.data?.state === 'broken')
    return (
      <ProblemNote title="The proof does not hold" error={new Error(`Checked in this browser: ${check.data.says}.`)} />
    )
  return (
    <p className="proof">
      <span>
        <Shape name="ok" /> Sealed in batch {count(Number(batch))}, record {count(detail.proof.index + 1)}
      </span>
      <span role="status">
        {check.data === undefined ? (
          <>
            <Shape name="wait" className="idle" />{' '}
            {check.error === null ? 'Checking the proof…' : `Proof not checked: ${check.error.message}`}
          </>
        ) : check.data.state === 'holds' ? (
          <>
            <Shape name="ok" /> Proof checked in this browser
          </>
        ) : (
          <>
            <Shape name="wait" className="idle" /> Proof not checked: {check.data.says}
          </>
        )}
      </span>
    </p>
  )
}
