import { type ReactNode, useEffect, useRef } from 'react'
import { type Href, Link } from '../ui/link.tsx'
import { useTitle } from '../ui/title.ts'

interface Props {
  title: string
  /** The answer to the page's question, in numbers. */
  sub?: ReactNode
  /** Status beside the title. */
  mark?: ReactNode
  actions?: ReactNode
  /** The way back, outermost first; the page itself is not in it. */
  crumbs?: readonly { text: string; to: Href }[]
  /** What the last crumb says; the title when left out. */
  here?: string
  children: ReactNode
}

/** Title, way back and acts of a page. A new page takes the focus to its title, so that it is read. */
export function Page({ title, sub, mark, actions, crumbs, here = title, children }: Props) {
  useTitle(title)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Not at the first page of a visit: there the browser's own start is right.
    if (document.activeElement?.closest('main, [role="dialog"]') === null && wasHere) heading.current?.focus()
    wasHere = true
  }, [])
  return (
    <div className="page">
      {crumbs !== undefined && (
        <nav aria-label="Breadcrumb">
          <ol className="crumb">
            {crumbs.map(({ text, to }) => (
              <li key={to}>
                <Link to={to}>{text}</Link>
              </li>
            ))}
            <li aria-current="page">{here}</li>
          </ol>
        </nav>
      )}
      <div className="head">
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {mark}
        {sub !== undefined && <span className="sub">{sub}</span>}
        {actions !== undefined && <div className="actions">{actions}</div>}
      </div>
      {children}
    </div>
  )
}

let wasHere = false
