import { type Href, Link } from './link.tsx'

export interface Tab {
  to: Href
  text: string
  /** Count or state in words, beside the name. */
  n?: string
  isCurrent: boolean
}

/** Tabs are addresses: links in a navigation, so that back and reload do what one expects. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ to, text, n, isCurrent }) => (
        <Link key={text} to={to} {...(isCurrent && { 'aria-current': 'page' as const })}>
          {text}
          {n !== undefined && <span className="n">{n}</span>}
        </Link>
      ))}
    </nav>
  )
}
