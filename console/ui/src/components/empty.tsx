import type { ReactNode } from 'react'
import { Shape } from '../ui/symbols.tsx'

/** Five kinds of empty, because one word for all of them would be trusted for none. */
export interface EmptyState {
  kind: 'nothing-yet' | 'no-match' | 'not-asked' | 'not-looked' | 'good-news'
  title: string
  /** Why, and what was or was not looked at. */
  says: ReactNode
  actions?: ReactNode
  chips?: ReactNode
}

const words: Record<EmptyState['kind'], string> = {
  'nothing-yet': 'Nothing yet',
  'no-match': 'The filter matches none',
  'not-asked': 'Not asked',
  'not-looked': 'Not looked',
  'good-news': 'Looked, found none',
}

export function Empty({ state }: { state: EmptyState }) {
  return (
    <div className="empty">
      <p className="meta">{words[state.kind]}</p>
      <p className="title">
        {state.kind === 'good-news' && <Shape name="ok" className="ok" />}
        {state.title}
      </p>
      {state.chips}
      <p>{state.says}</p>
      {state.actions !== undefined && <div className="actions">{state.actions}</div>}
    </div>
  )
}
