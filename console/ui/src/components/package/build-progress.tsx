import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { PackageRow } from '@tidewaiter/protocol/api'
import { cancelPackage, packageQuery } from '../../api/incidents.ts'
import { Button } from '../../ui/button.tsx'
import { bytesText } from '../../ui/numbers.ts'
import { say } from '../../ui/toast.tsx'
import { JobProgress } from '../job-progress.tsx'
import { useHeld } from '../permission.ts'
import { wordsOf } from '../problem-note.tsx'
import { stepText } from './words.ts'

/** How often a running build is asked how far it is; the live topic tells of new steps only. */
export const buildPauseMs = 700

/** A build that runs: what it does, how far it is, how to stop it. */
export function BuildProgress({ row }: { row: PackageRow }) {
  const queries = useQueryClient()
  const held = useHeld('report')
  const cancel = useMutation({
    mutationFn: () => cancelPackage(row.id),
    onSuccess: (stopped) => {
      queries.setQueryData(packageQuery(row.id).queryKey, stopped)
      void queries.invalidateQueries({ queryKey: ['incident', row.incident] })
    },
    onError: (error) => say(`Not cancelled: ${wordsOf(error).detail}`),
  })
  const isStopping = cancel.isPending || cancel.isSuccess
  return (
    <JobProgress
      job={{
        step: `P-${row.number}: ${stepText(row)}`,
        done: row.done,
        of: row.of,
        ...(row.step === 'packing' && { amount: bytesText }),
        cancel: (
          <Button
            small
            blocked={held ?? (isStopping ? 'it is being stopped' : undefined)}
            onClick={() => cancel.mutate()}
          >
            Cancel<span className="vh"> the build of P-{row.number}</span>
          </Button>
        ),
      }}
    />
  )
}
