import { ApiError } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Shape } from '../ui/symbols.tsx'
import { Verbatim } from '../ui/verbatim.tsx'

/** The words for a failure: cause, then fix. */
export function wordsOf(error: Error): { code: string; detail: string; hint?: string } {
  if (error instanceof ApiError) {
    const { code, detail, hint } = error.problem
    return { code, detail, ...(hint !== undefined && { hint }) }
  }
  return { code: 'screen', detail: error.message, hint: 'Reload the page. If it happens again, copy the error.' }
}

/** What failed, why, what to do, and the code to name when asking for help. */
export function ProblemNote({ title, error, retry }: { title: string; error: Error; retry?: () => void }) {
  const { code, detail, hint } = wordsOf(error)
  return (
    <div className="note problem" role="alert">
      <Shape name="no" />
      <p>
        <b>{title}.</b> <Verbatim text={detail} /> {hint !== undefined && <Verbatim text={hint} />}{' '}
        <span className="mono muted">{code}</span>
      </p>
      <span className="actions">
        {retry !== undefined && (
          <Button small onClick={retry}>
            Try again
          </Button>
        )}
        <CopyButton text={`${code}: ${detail}`} label="the error" />
      </span>
    </div>
  )
}
