import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { meQuery } from '../api/people.ts'
import { JobProgress } from '../components/job-progress.tsx'
import { Note } from '../components/note.tsx'
import { Page } from '../components/page.tsx'
import { ProblemNote } from '../components/problem-note.tsx'
import { links } from '../links.ts'
import { Button } from '../ui/button.tsx'
import { FileDrop } from '../ui/file-drop.tsx'
import { Link } from '../ui/link.tsx'
import { bytesText } from '../ui/numbers.ts'
import { Verbatim } from '../ui/verbatim.tsx'
import { Answer } from './verify/answer.tsx'
import { compareSigner } from './verify/judgement.ts'
import { Result } from './verify/result.tsx'
import { type Checking, useCheck } from './verify/use-check.ts'

/** Verifies any package on the reader's own computer: without an account, without an upload, without the console. */
export function VerifyPage() {
  const { checking, start, cancel } = useCheck()
  const [told, setTold] = useState('')
  const done = checking.state === 'done' ? checking : undefined
  const signer = done && compareSigner(done.report, told)
  return (
    <Page title="Verify a package" sub="The file stays on this computer. Nothing is uploaded.">
      <div className="stack sheet">
        <FileDrop label="Choose a package…" accept=".zip" onFile={start}>
          or drop the .zip file here
        </FileDrop>
        <Running checking={checking} onCancel={cancel} />
        <div role="status">
          {done !== undefined && signer !== undefined && <Answer report={done.report} signer={signer} />}
        </div>
        {done !== undefined && signer !== undefined && (
          <Result file={done.file} report={done.report} signer={signer} told={told} onTold={setTold} />
        )}
        {checking.state === 'none' && <WhatIsChecked />}
      </div>
    </Page>
  )
}

/** A check that runs, was stopped, or could not be made. */
function Running({ checking, onCancel }: { checking: Checking; onCancel: () => void }) {
  if (checking.state === 'cancelled')
    return (
      <Note shape="wait">
        The check of <Verbatim text={checking.file.name} /> was cancelled. Nothing is known of it.
      </Note>
    )
  if (checking.state === 'failed')
    return <ProblemNote title={`Not checked: ${checking.file.name}`} error={checking.error} />
  if (checking.state !== 'running') return null
  const { progress, startedAt } = checking
  return (
    <JobProgress
      job={{
        step: 'Reading and checking the package',
        done: progress.doneBytes,
        of: progress.ofBytes,
        startedAt,
        amount: bytesText,
        stays: true,
        cancel: (
          <Button small onClick={onCancel}>
            Cancel
          </Button>
        ),
      }}
    />
  )
}

function WhatIsChecked() {
  const isSignedIn = useQuery({ ...meQuery, enabled: false }).data !== undefined
  return (
    <>
      <p className="prose">
        Every byte of the container, every file against the signed list, every record against the batch its host signed,
        and the order and gaps of the batches. Whatever differs is named.
      </p>
      <p className="prose">
        Who signed it cannot be told by the file alone: call the sender on a number you already have, and compare the
        fingerprint of the key.
      </p>
      {!isSignedIn && (
        <p>
          <Link to={links.login()}>Sign in</Link> <span className="muted">to the console this page comes from</span>
        </p>
      )}
    </>
  )
}
