import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { KeyCard, RecoveryKit } from '@tidewaiter/protocol/api'
import { type ReactNode, useState } from 'react'
import { keysQuery } from '../../api/keys.ts'
import { overviewQuery } from '../../api/overview.ts'
import { RecoveryPaper } from '../../components/recovery-paper.tsx'
import { Skeleton, Stateful } from '../../components/stateful.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { downloadText } from '../../ui/download.ts'
import { inFours } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { ExportKeys } from './export-keys.tsx'
import { RecoveryFile, RenewRecoveryKey } from './recovery-acts.tsx'
import { isRotated, RotateKey } from './rotate-key.tsx'
import { TakeRecoveryKey } from './take-recovery-key.tsx'

/** The keys by which the console proves itself; private halves never come to a screen. */
export function KeysSection() {
  const query = useQuery(keysQuery)
  const queries = useQueryClient()
  const warnings = useQuery(overviewQuery).data?.warnings ?? []
  const waits = warnings.some(({ code }) => code === 'recovery-key-waits')
  // Given out once: it stays on the page until that is left.
  const [kit, setKit] = useState<RecoveryKit>()
  const take = (given: RecoveryKit) => {
    setKit(given)
    for (const key of ['keys', 'overview']) void queries.invalidateQueries({ queryKey: [key] })
  }
  return (
    <Stateful query={query} noun="keys" skeleton={<Skeleton rows={8} />}>
      {({ rows }) => (
        <div className="stack">
          {kit !== undefined && (
            <Panel title="Keep the recovery key" meta="It is shown this once.">
              <div className="in stack">
                <RecoveryPaper kit={kit} owner="" />
              </div>
            </Panel>
          )}
          {kit === undefined && waits && <TakeRecoveryKey onTaken={take} />}
          <ul className="key-cards">
            {rows.map((card) => (
              <li key={card.name}>
                <Card card={card} acts={card.name === 'recovery' && <RecoveryActs onMade={take} />} />
              </li>
            ))}
          </ul>
          <ExportKeys />
        </div>
      )}
    </Stateful>
  )
}

const names: Record<string, string> = {
  ca: 'Certificate authority',
  'agent-port': 'Agent port',
  ledger: 'Ledger',
  package: 'Package',
  intake: 'Intake',
  collection: 'Offline collections',
  recovery: 'Recovery',
}

function RecoveryActs({ onMade }: { onMade: (kit: RecoveryKit) => void }) {
  return (
    <div className="actions">
      <RecoveryFile />
      <RenewRecoveryKey onMade={onMade} />
    </div>
  )
}

function Card({ card, acts }: { card: KeyCard; acts: ReactNode }) {
  const { name, use, fingerprint, publicKey, createdAt } = card
  const title = names[name] ?? name
  return (
    <Panel
      title={title}
      meta={
        createdAt !== '' && (
          <>
            since <TimeText at={createdAt} precision="minute" />
          </>
        )
      }
      end={isRotated(name) && <RotateKey name={name} />}
    >
      <div className="in stack tight">
        <p>
          <Verbatim text={use} />
        </p>
        <p className="finger">{inFours(fingerprint)}</p>
        <div className="actions">
          <CopyButton text={fingerprint} label={`the fingerprint of ${title}`} />
          <Button small onClick={() => downloadText(`tidewaiter-${name}-public.txt`, publicKey)}>
            Public key<span className="vh"> of {title}, download</span>
          </Button>
          <span className="meta">SHA-256</span>
        </div>
        {acts}
      </div>
    </Panel>
  )
}
