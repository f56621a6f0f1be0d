import { useMutation } from '@tanstack/react-query'
import type { RecoveryKit } from '@tidewaiter/protocol/api'
import { takeRecoveryKey } from '../../api/keys.ts'
import { Note } from '../../components/note.tsx'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { Button } from '../../ui/button.tsx'

/** The recovery key, where nobody has taken it yet. */
export function TakeRecoveryKey({ onTaken }: { onTaken: (kit: RecoveryKit) => void }) {
  const held = useHeld('administer')
  const take = useMutation({ mutationFn: takeRecoveryKey, onSuccess: onTaken })
  if (take.error !== null) return <ProblemNote title="Not given out" error={take.error} />
  return (
    <Note
      shape="degraded"
      action={
        <Button
          kind="primary"
          blocked={held ?? (take.isPending ? 'it is on its way' : undefined)}
          onClick={() => take.mutate()}
        >
          Take the recovery key
        </Button>
      }
    >
      <b>Nobody has taken the recovery key.</b> If the keys folder is lost now, the evidence cannot be read any more. It
      is shown once: have paper or a drive ready that is kept apart from this console.
    </Note>
  )
}
