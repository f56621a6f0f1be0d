import { useQuery } from '@tanstack/react-query'
import type { SetupDone, SetupState } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { setupQuery } from '../api/people.ts'
import { Bare } from '../components/bare.tsx'
import { Page } from '../components/page.tsx'
import { Stateful } from '../components/stateful.tsx'
import { links } from '../links.ts'
import { Link } from '../ui/link.tsx'
import { bytesText, inFours } from '../ui/numbers.ts'
import { RecoveryKey } from './setup/recovery-key.tsx'
import { SetupForm } from './setup/setup-form.tsx'

/** Makes the console usable, once: code, broker, first admin; then the recovery key. */
export function SetupPage() {
  const query = useQuery(setupQuery)
  const [made, setMade] = useState<{ done: SetupDone; broker: string }>()
  return (
    <Bare wide>
      {made === undefined ? (
        <Page title="Set up this console" sub="One page, once. About a minute.">
          <Stateful query={query} noun="the state of the console">
            {(state) =>
              state.needed ? (
                <div className="stack">
                  <SetupForm onDone={(done, broker) => setMade({ done, broker })} />
                  <Place state={state} />
                </div>
              ) : (
                <p className="prose">
                  This console is already set up. <Link to={links.login()}>Sign in</Link>
                </p>
              )
            }
          </Stateful>
        </Page>
      ) : (
        <RecoveryKey kit={made.done} broker={made.broker} />
      )}
    </Bare>
  )
}

/** Where evidence and keys will lie: shown before anything is kept there. */
function Place({ state: { dataFolder, freeBytes, keys = [] } }: { state: SetupState }) {
  return (
    <section className="below" aria-labelledby="place">
      <h2 id="place">Where things are kept</h2>
      <dl className="facts">
        <dt>Data folder</dt>
        <dd className="mono">{dataFolder ?? 'not told'}</dd>
        <dt>Free space</dt>
        <dd>{freeBytes === undefined ? 'not told' : bytesText(freeBytes)}</dd>
        {keys.map(({ name, fingerprint }) => (
          <div key={name} className="pair">
            <dt>Key: {name}</dt>
            <dd className="mono">{inFours(fingerprint)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
