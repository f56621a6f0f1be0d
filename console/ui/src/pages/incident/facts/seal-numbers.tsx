import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { sealNumbers } from '../../../api/incidents.ts'
import { PassphraseFields, usePassphrase } from '../../../components/passphrase.tsx'
import { useHeld } from '../../../components/permission.ts'
import { ProblemNote } from '../../../components/problem-note.tsx'
import { bytesOfBase64 } from '../../../ui/base64.ts'
import { Button } from '../../../ui/button.tsx'
import { ModalDialog } from '../../../ui/dialog.tsx'
import { downloadBytes } from '../../../ui/download.ts'
import { say } from '../../../ui/toast.tsx'

/** Takes out the list that the notice promises: neither the notice nor a package holds a number. */
export function SealNumbers({ incident }: { incident: string }) {
  const [isOpen, setOpen] = useState(false)
  const held = useHeld('report')
  return (
    <div className="actions">
      <Button small blocked={held} onClick={() => setOpen(true)}>
        Export the list, sealed
      </Button>
      {isOpen && <Sealing incident={incident} onClose={() => setOpen(false)} />}
    </div>
  )
}

function Sealing({ incident, onClose }: { incident: string; onClose: () => void }) {
  const choosing = usePassphrase()
  const seal = useMutation({
    mutationFn: () => sealNumbers(incident, choosing.draft.passphrase),
    onSuccess: ({ sealed, fileName }) => {
      downloadBytes(fileName, bytesOfBase64(sealed))
      say(`Sealed into ${fileName}.`)
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The page around it is a form too.
    event.stopPropagation()
    if (choosing.check() && !seal.isPending) seal.mutate()
  }
  return (
    <ModalDialog title="Export the importer numbers" onClose={onClose}>
      <form className="modal-body stack" noValidate onSubmit={submit}>
        <p>
          All saved numbers in clear, in one file in the age format that only the passphrase opens. Send the file by
          itself, and the passphrase by another channel. Each export is in the audit log.
        </p>
        {seal.error !== null && <ProblemNote title="Not exported" error={seal.error} />}
        <PassphraseFields choosing={choosing} />
        <div className="actions">
          <Button kind="primary" type="submit" blocked={seal.isPending ? 'it is being sealed' : undefined}>
            Export sealed list
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </ModalDialog>
  )
}
