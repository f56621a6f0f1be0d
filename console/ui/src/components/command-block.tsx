import type { ReactNode } from 'react'

interface Props {
  /** Where the commands run: `each workstation`. Nobody should have to guess. */
  runsOn: string
  needs?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** Commands to copy, with the place where they run above them. */
export function CommandBlock({ runsOn, needs, actions, children }: Props) {
  return (
    <section className="cmd" aria-label={`Commands for ${runsOn}`}>
      <header>
        <b>Runs on: {runsOn}</b>
        {needs !== undefined && <span className="muted">{needs}</span>}
        {actions !== undefined && <span className="end">{actions}</span>}
      </header>
      {children}
    </section>
  )
}
