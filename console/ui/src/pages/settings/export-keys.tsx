import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { exportKeys } from '../../api/keys.ts'
import { PassphraseFields, usePassphrase } from '../../components/passphrase.tsx'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { bytesOfBase64 } from '../../ui/base64.ts'
import { Button } from '../../ui/button.tsx'
import { downloadBytes } from '../../ui/download.ts'
import { consoleNow } from '../../ui/now.ts'
import { say } from '../../ui/toast.tsx'

/** All private keys in one file that only the passphrase opens. */
export function ExportKeys() {
  const held = useHeld('administer')
  const choosing = usePassphrase()
  const seal = useMutation({
    mutationFn: () => exportKeys(choosing.draft.passphrase),
    onSuccess: (sealed) => {
      const name = `tidewaiter-keys-${new Date(consoleNow()).toISOString().slice(0, 10)}.age`
      downloadBytes(name, bytesOfBase64(sealed))
      say(`Sealed into ${name}.`)
      choosing.clear()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (choosing.check() && held === undefined && !seal.isPending) seal.mutate()
  }
  return (
    <form className="form narrow-form" aria-label="Export the keys" noValidate onSubmit={submit}>
      <section aria-labelledby="s-export">
        <h2 id="s-export">Export the keys</h2>
        <p className="hint">
          All private keys, sealed with a passphrase in the age format. Keep the file and the passphrase apart, and both
          away from this console: tidewaiter keys restore reads it. Each export is in the audit log.
        </p>
        {seal.error !== null && <ProblemNote title="Not exported" error={seal.error} />}
        <PassphraseFields choosing={choosing} />
      </section>
      <div className="actions">
        <Button type="submit" blocked={held ?? (seal.isPending ? 'it is being sealed' : undefined)}>
          Export sealed keys
        </Button>
      </div>
    </form>
  )
}
