import type { RecoveryKit } from '@tidewaiter/protocol/api'
import { bytesOfBase64 } from '../ui/base64.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { downloadBytes, downloadText } from '../ui/download.ts'

/** What brings lost keys back: the recovery key on paper, and the file that it opens. */
export function RecoveryPaper({
  kit: { recoveryKey, recoveryFile },
  owner,
}: {
  kit: Pick<RecoveryKit, 'recoveryKey' | 'recoveryFile'>
  owner: string
}) {
  return (
    <>
      <section className="paper" aria-label="Recovery key">
        <h2>Tidewaiter recovery key</h2>
        <p className="pm">
          {owner === '' ? '' : `${owner} · `}
          {window.location.host}
        </p>
        <hr />
        <p className="key-text">{recoveryKey}</p>
        <hr />
        <p className="pm">
          Opens recovery.age, in which every key of this console lies. Keep it secret, and the file somewhere else. Keys
          that are lost come back with: tidewaiter keys restore --from recovery.age --recovery-key-file FILE
        </p>
      </section>
      <div className="actions">
        <Button onClick={() => downloadRecoveryFile(recoveryFile)}>Download recovery.age</Button>
        <Button onClick={() => downloadText('tidewaiter-recovery-key.txt', `${recoveryKey}\n`)}>
          Download the key
        </Button>
        <Button onClick={() => window.print()}>Print the key</Button>
        <CopyButton text={recoveryKey} label="the recovery key" />
      </div>
    </>
  )
}

export function downloadRecoveryFile(base64: string): void {
  downloadBytes('recovery.age', bytesOfBase64(base64))
}
