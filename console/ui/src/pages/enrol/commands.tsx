import type { CreatedToken } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { CommandBlock } from '../../components/command-block.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { downloadText } from '../../ui/download.ts'
import { inFours, plural } from '../../ui/numbers.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { placeOf } from './agent-address.ts'

const commands = 'tidewaiter-agent enroll --token-file token.txt\ntidewaiter-agent run'

export interface Made {
  token: CreatedToken
  label: string
}

/** What runs on each computer. The token goes into a file: on a command line other accounts could read it. */
export function Commands({ made }: { made: Made | undefined }) {
  return (
    <CommandBlock
      runsOn="each workstation"
      needs="Linux, as root, so that it can read every log"
      actions={<CopyButton text={commands} label="the commands" primary={made !== undefined} />}
    >
      <div className="cmd-step">
        <p>Save the token there as token.txt.</p>
        {made === undefined ? (
          <p className="meta">Make one above. It is shown here, this once.</p>
        ) : (
          <Secret key={made.token.id} made={made} />
        )}
      </div>
      <div className="cmd-step">
        <p>Then run:</p>
        <pre>{commands}</pre>
      </div>
      {made !== undefined && <Reached token={made.token} />}
    </CommandBlock>
  )
}

/** Hidden until somebody wants to see it: screens are looked at over shoulders and shared in calls. */
function Secret({ made: { token, label } }: { made: Made }) {
  const [isShown, setShown] = useState(false)
  return (
    <>
      <pre className="secret" aria-live="polite">
        {isShown ? token.token : 'tw1.••••••••••••••••'}
      </pre>
      <div className="actions">
        <Button small aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? 'Hide token' : 'Show token'}
        </Button>
        <CopyButton text={token.token} label="the token" />
        <Button small onClick={() => downloadText('token.txt', `${token.token}\n`)}>
          Download token.txt
        </Button>
        <span className="meta">
          {label !== '' && (
            <>
              <Verbatim text={label} />,{' '}
            </>
          )}
          for {plural(token.uses, 'computer')}, ends <TimeText at={token.expiresAt} precision="minute" />. The console
          keeps only a hash of it: after this page it cannot be shown again.
        </span>
      </div>
    </>
  )
}

function Reached({ token: { agentUrls, caFingerprint } }: { token: CreatedToken }) {
  return (
    <dl className="facts cmd-step">
      <dt>Agents connect to</dt>
      <dd className="mono">{agentUrls.map(placeOf).join(', ')}</dd>
      <dt>and accept only</dt>
      <dd className="mono">{inFours(caFingerprint)}</dd>
    </dl>
  )
}
