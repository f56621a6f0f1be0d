import { kept } from './kept.ts'
import { createStore, useStore } from './store.ts'

/** How this person wants the screens; kept in this browser. */
export interface Preferences {
  zone: 'utc' | 'local'
  theme: 'system' | 'light' | 'dark'
  density: 'compact' | 'standard' | 'comfortable'
  /** Single-character keys can be switched off (WCAG 2.1.4). */
  singleKeys: boolean
}

const standard: Preferences = { zone: 'utc', theme: 'system', density: 'standard', singleKeys: true }

const choices = {
  zone: ['utc', 'local'],
  theme: ['system', 'light', 'dark'],
  density: ['compact', 'standard', 'comfortable'],
} as const

function one<T extends string>(value: unknown, of: readonly T[], otherwise: T): T {
  return of.find((choice) => choice === value) ?? otherwise
}

/** Preferences out of kept text; what cannot be read falls back to the standard. */
function readPreferences(text: string | undefined): Preferences {
  let read: Record<string, unknown> = {}
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    if (typeof parsed === 'object' && parsed !== null) read = { ...parsed }
  } catch {
    return standard
  }
  return {
    zone: one(read.zone, choices.zone, standard.zone),
    theme: one(read.theme, choices.theme, standard.theme),
    density: one(read.density, choices.density, standard.density),
    singleKeys: read.singleKeys !== false,
  }
}

const store = createStore(readPreferences(kept.read('preferences')))

export const preferences = {
  get: store.get,
  change(part: Partial<Preferences>): void {
    store.set({ ...store.get(), ...part })
    kept.write('preferences', JSON.stringify(store.get()))
    showPreferences()
  },
}

/** Puts theme and density on the root element, where the tokens read them. */
export function showPreferences(): void {
  const { theme, density } = store.get()
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
  if (density === 'standard') delete dataset.density
  else dataset.density = density
}

export function usePreferences(): Preferences {
  return useStore(store)
}

export const localZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone

/** The zone that times are shown in, as an IANA name. */
export function useZone(): string {
  return useStore(store).zone === 'utc' ? 'UTC' : localZone
}
