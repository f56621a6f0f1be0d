import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { live, useTopics } from '../../api/live.ts'
import { listenToKeys, useKeys } from '../../ui/keys.ts'
import { useGo } from '../../ui/link.tsx'
import { HatchPattern } from '../../ui/symbols.tsx'
import { Toast } from '../../ui/toast.tsx'
import { ClockBar } from './clock-bar.tsx'
import { LostBar } from './live-mark.tsx'
import { places } from './places.ts'
import { Rail } from './rail.tsx'
import { switchTheme } from './theme-button.tsx'
import { TopBar } from './top-bar.tsx'
import { toggleZone } from './top-menus.tsx'

const Palette = lazy(() => import('./palette.tsx').then(({ Palette }) => ({ default: Palette })))
const KeyHelp = lazy(() => import('./key-help.tsx').then(({ KeyHelp }) => ({ default: KeyHelp })))

type Layer = 'palette' | 'help' | undefined

/** Keys that hold on every page. */
function useGlobalKeys(show: (layer: Layer) => void): void {
  const go = useGo()
  const group = 'Everywhere'
  useKeys([
    { keys: 'Ctrl+k', label: 'Search or jump to', group, run: () => show('palette') },
    { keys: '?', label: 'These keys', group, run: () => show('help') },
    { keys: 'z', label: 'UTC or local time', group, run: toggleZone },
    { keys: 'Alt+t', label: 'Light, dark, as the system', group, run: switchTheme },
    ...places.map(({ name, key, to }) => ({ keys: `g ${key}`, label: name, group: 'Go to', run: () => go(to) })),
  ])
}

/** What stands around every page of a person who is signed in. */
export function Shell({ children }: { children: ReactNode }) {
  const [layer, setLayer] = useState<Layer>()
  useEffect(() => {
    live.start()
    return live.stop
  }, [])
  useEffect(listenToKeys, [])
  useTopics('overview', 'hosts', 'findings')
  useGlobalKeys(setLayer)
  const close = () => setLayer(undefined)
  return (
    <>
      <HatchPattern />
      <a className="skip" href="#main">
        Skip to main content
      </a>
      <div className="shell">
        <TopBar onJump={() => setLayer('palette')} />
        <Rail onHelp={() => setLayer('help')} />
        <main id="main" tabIndex={-1}>
          <ClockBar />
          <LostBar />
          {children}
        </main>
      </div>
      <Toast />
      <Suspense>
        {layer === 'palette' && <Palette onClose={close} />}
        {layer === 'help' && <KeyHelp onClose={close} />}
      </Suspense>
    </>
  )
}
