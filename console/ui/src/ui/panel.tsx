import { type ReactNode, useId } from 'react'

interface Props {
  title: ReactNode
  /** Beside the title: count and order in words. */
  meta?: ReactNode
  end?: ReactNode
  foot?: ReactNode
  children: ReactNode
}

/** A titled box with hairlines. A panel never holds a panel. */
export function Panel({ title, meta, end, foot, children }: Props) {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {meta !== undefined && <span className="meta">{meta}</span>}
        {end !== undefined && <span className="end actions">{end}</span>}
      </header>
      {children}
      {foot !== undefined && <footer>{foot}</footer>}
    </section>
  )
}
