import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { Icon, Mark } from '../../ui/symbols.tsx'
import { LiveMark } from './live-mark.tsx'
import { ThemeButton } from './theme-button.tsx'
import { IncidentMenu, UserMenu, ZoneMenu } from './top-menus.tsx'

export function TopBar({ onJump }: { onJump: () => void }) {
  return (
    <header className="top">
      <Link className="mark-link" to={links.overview}>
        <Mark />
        <span>Tidewaiter</span>
      </Link>
      <button className="jump" type="button" onClick={onJump}>
        <Icon name="search" />
        <span>Search or jump to…</span>
        <kbd>Ctrl K</kbd>
      </button>
      <IncidentMenu />
      <LiveMark />
      <ZoneMenu />
      <ThemeButton />
      <UserMenu />
    </header>
  )
}
