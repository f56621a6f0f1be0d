import { preferences, usePreferences } from '../../ui/preferences.ts'
import { Icon } from '../../ui/symbols.tsx'

const next = { system: 'light', light: 'dark', dark: 'system' } as const
const words = { system: 'as the system', light: 'light', dark: 'dark' } as const

export function switchTheme(): void {
  preferences.change({ theme: next[preferences.get().theme] })
}

export function ThemeButton() {
  const { theme } = usePreferences()
  return (
    <button type="button" className="topbtn" onClick={switchTheme} title={`Colours: ${words[theme]}`}>
      <Icon name="theme" />
      <span className="vh">
        Colours are {words[theme]}; change to {words[next[theme]]}
      </span>
    </button>
  )
}
