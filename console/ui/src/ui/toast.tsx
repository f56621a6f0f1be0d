import { useEffect } from 'react'
import { createStore, useStore } from './store.ts'

const toast = createStore<{ text: string } | undefined>(undefined)

/** One line that answers what the person just did. Never a notice about anything else. */
export function say(text: string): void {
  toast.set({ text })
}

export function Toast() {
  const current = useStore(toast)
  useEffect(() => {
    if (current === undefined) return
    const timer = setTimeout(() => toast.set(undefined), 8000)
    return () => clearTimeout(timer)
  }, [current])
  return (
    <div className="toast-place" role="status">
      {current !== undefined && <p className="toast">{current.text}</p>}
    </div>
  )
}
