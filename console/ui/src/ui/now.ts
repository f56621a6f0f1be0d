import { useSyncExternalStore } from 'react'

/** Console clock minus this computer's clock: deadlines are counted on the console's, whatever the computer believes. */
let offsetMs = 0

export function setConsoleTime(iso: string): void {
  const ms = Date.parse(iso)
  if (!Number.isNaN(ms)) offsetMs = ms - Date.now()
}

export function consoleNow(): number {
  return Date.now() + offsetMs
}

function everySecond(listener: () => void): () => void {
  const timer = setInterval(listener, 1000)
  return () => clearInterval(timer)
}

/** The console's time in ms, rounded down to `stepMs`, so that a component draws again only when its text changes. */
export function useNow(stepMs = 1000): number {
  return useSyncExternalStore(everySecond, () => Math.floor(consoleNow() / stepMs) * stepMs)
}
