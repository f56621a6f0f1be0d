import type { RecoveryKit } from '@tidewaiter/protocol/api'
import { useEffect, useState } from 'react'
import { Page } from '../../components/page.tsx'
import { RecoveryPaper } from '../../components/recovery-paper.tsx'
import { links } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { useGo } from '../../ui/link.tsx'

/** The recovery key, shown this once, on screen, as a file and on paper; and the file that it opens. */
export function RecoveryKey({ kit, broker }: { kit: RecoveryKit; broker: string }) {
  const go = useGo()
  const [isKept, setKept] = useState(false)
  useEffect(() => {
    const hold = (event: BeforeUnloadEvent) => event.preventDefault()
    if (!isKept) window.addEventListener('beforeunload', hold)
    return () => window.removeEventListener('beforeunload', hold)
  }, [isKept])
  return (
    <Page title="Keep the recovery key" sub="It is shown this once.">
      <div className="stack">
        <p className="prose">
          When the keys of this console are lost, the file recovery.age and this key bring them back together. Without
          either of them nobody can read the evidence again. Keep both apart from this computer: the key on paper in a
          safe, the file on a drive that is not plugged in.
        </p>
        <RecoveryPaper kit={kit} owner={broker} />
        <div className="choice">
          <label>
            <input type="checkbox" checked={isKept} onChange={(event) => setKept(event.target.checked)} /> I have kept
            the key and the file apart from this computer
          </label>
        </div>
        <div className="actions">
          <Button
            kind="primary"
            onClick={() => go(links.overview)}
            blocked={isKept ? undefined : 'the recovery key is not kept yet'}
          >
            Go to the console
          </Button>
        </div>
      </div>
    </Page>
  )
}
