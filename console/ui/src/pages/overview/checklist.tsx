import type { Overview } from '@tidewaiter/protocol/api'
import { backTo } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Shape } from '../../ui/symbols.tsx'

/** The first steps, ticked from what is really there; gone when all are done. */
export function Checklist({ steps }: { steps: Overview['checklist'] }) {
  const done = steps.filter((step) => step.done).length
  if (done === steps.length) return null
  return (
    <Panel title="First steps" meta={`${done} of ${steps.length} done`}>
      <ol className="in checks">
        {steps.map((step) => (
          <li key={step.id} className={step.done ? undefined : 'wait'}>
            <Shape name={step.done ? 'ok' : 'wait'} />
            {step.done ? (
              <span className="muted">
                {step.title}
                <span className="vh">, done</span>
              </span>
            ) : (
              <Link to={backTo(step.href)}>{step.title}</Link>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  )
}
