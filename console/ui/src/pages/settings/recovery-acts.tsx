import { useMutation } from '@tanstack/react-query'
import type { RecoveryKit } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { recoveryFile, renewRecoveryKey } from '../../api/keys.ts'
import { AskFirst } from '../../components/ask-first.tsx'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { downloadRecoveryFile } from '../../components/recovery-paper.tsx'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/toast.tsx'

/** The sealed keys of today: a copy from before a rotation lacks the key that was made then. */
export function RecoveryFile() {
  const held = useHeld('administer')
  const download = useMutation({ mutationFn: recoveryFile, onSuccess: downloadRecoveryFile })
  return (
    <>
      <Button
        small
        onClick={() => download.mutate()}
        blocked={held ?? (download.isPending ? 'it is on its way' : undefined)}
      >
        Download recovery.age
      </Button>
      {download.error !== null && <ProblemNote title="Not downloaded" error={download.error} />}
    </>
  )
}

/** For an office that lost its recovery key, or fears that somebody else has it. */
export function RenewRecoveryKey({ onMade }: { onMade: (kit: RecoveryKit) => void }) {
  const [isOpen, setOpen] = useState(false)
  const held = useHeld('administer')
  return (
    <>
      <Button small onClick={() => setOpen(true)} blocked={held}>
        Make a new recovery key…
      </Button>
      {isOpen && (
        <AskFirst
          title="Make a new recovery key"
          verb="Make a new one"
          failed="Not made"
          word="recovery"
          run={async () => onMade(await renewRecoveryKey())}
          onDone={() => say('The recovery key is new.')}
          onClose={() => setOpen(false)}
        >
          It is shown once, with a new recovery.age that it opens. The key before opens only the copies of the file that
          were made until now: destroy them together. Have paper or a drive ready that is kept apart from this console.
        </AskFirst>
      )}
    </>
  )
}
