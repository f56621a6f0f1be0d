import type { ReactNode } from 'react'
import { Shape, type ShapeName } from '../ui/symbols.tsx'

/** One line about the state of the page: shape, sentence, and what can be done. */
export function Note({ shape, action, children }: { shape: ShapeName; action?: ReactNode; children: ReactNode }) {
  return (
    <div className="note">
      <Shape name={shape} />
      <p>{children}</p>
      {action !== undefined && <span className="actions">{action}</span>}
    </div>
  )
}
