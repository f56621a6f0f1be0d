import type { ReactNode } from 'react'
import { HatchPattern, Mark } from '../ui/symbols.tsx'
import { Toast } from '../ui/toast.tsx'
import { ThemeButton } from './shell/theme-button.tsx'

/** Around pages that need no account: set-up, sign-in, verify. */
export function Bare({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  return (
    <>
      <HatchPattern />
      <a className="skip" href="#main">
        Skip to main content
      </a>
      <div className="bare">
        <header className="bare-top">
          <span className="mark-link">
            <Mark />
            <span>Tidewaiter</span>
          </span>
          <ThemeButton />
        </header>
        <main id="main" tabIndex={-1} className={wide ? 'wide' : ''}>
          {children}
        </main>
        <footer>
          <Tide />
          <p className="meta">
            <span>{window.location.host}</span>
            <span className="end">All times UTC unless they say otherwise</span>
          </p>
        </footer>
      </div>
      <Toast />
    </>
  )
}

/** The ruler over the whole width: time that runs. */
function Tide() {
  return (
    <svg className="tide" aria-hidden="true">
      <defs>
        <pattern id="tide" width="60" height="28" patternUnits="userSpaceOnUse">
          <path d="M0.5 6v14M12.5 14v6M24.5 14v6M36.5 14v6M48.5 14v6M0 20.5h60" />
        </pattern>
      </defs>
      <rect width="100%" height="28" fill="url(#tide)" />
    </svg>
  )
}
