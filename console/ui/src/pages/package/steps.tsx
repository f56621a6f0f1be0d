import type { PackageRow } from '@tidewaiter/protocol/api'
import { Shape } from '../../ui/symbols.tsx'

const steps = ['Choose', 'Build and sign', 'Download', 'Verify'] as const
/** Which step is the one to do, by the state of the package. */
const current: Record<PackageRow['state'], number> = { building: 1, built: 2, failed: 1, cancelled: 1 }

/** Where a package is on its way to CBP. */
export function Steps({ state }: { state: PackageRow['state'] }) {
  const at = current[state]
  const hasStopped = state === 'failed' || state === 'cancelled'
  return (
    <ol className="steps" aria-label="Steps">
      {steps.map((name, step) => (
        <li
          key={name}
          className={step < at ? 'past' : undefined}
          {...(step === at && { 'aria-current': 'step' as const })}
        >
          <span className="k">
            {step < at ? <Shape name="ok" /> : hasStopped && step === at ? <Shape name="no" /> : step + 1}
          </span>
          {name}
          {step < at && <span className="vh">, done</span>}
          {hasStopped && step === at && <span className="vh">, {state}</span>}
        </li>
      ))}
    </ol>
  )
}
