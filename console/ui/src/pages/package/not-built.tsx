import type { PackageRow } from '@tidewaiter/protocol/api'
import { ApiError } from '../../api/client.ts'
import { Note } from '../../components/note.tsx'
import { useBuild } from '../../components/package/use-build.ts'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { Button } from '../../ui/button.tsx'

/** A build that did not come to its end: why, and the same again. */
export function NotBuilt({ row }: { row: PackageRow }) {
  const { state, problem, profile, disclose, tlp, incident } = row
  const build = useBuild(incident)
  const held = useHeld('report')
  return (
    <div className="stack">
      {state === 'cancelled' ? (
        <Note shape="wait">The build was cancelled. Nothing of it was kept.</Note>
      ) : (
        <ProblemNote title="Not built" error={failureOf(problem)} />
      )}
      {build.error !== null && <ProblemNote title="Not started" error={build.error} />}
      <div className="actions">
        <Button
          kind="primary"
          blocked={held ?? (build.isPending ? 'it is being started' : undefined)}
          onClick={() => build.mutate({ profile, disclose, tlp })}
        >
          Build again
        </Button>
        <span className="meta">of what is known now, with the same choices</span>
      </div>
    </div>
  )
}

/** The console says the cause with the package, not as the answer to a request. */
function failureOf(problem = 'The console did not say why; its log does.'): ApiError {
  return new ApiError({
    type: 'about:blank',
    title: 'The package could not be built.',
    status: 500,
    code: 'package-failed',
    detail: problem,
  })
}
