import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useKeys } from './keys.ts'

const pageRows = 10

function moved(key: string, from: number, count: number): number | undefined {
  const to: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + pageRows,
    PageUp: from - pageRows,
    Home: 0,
    End: count - 1,
  }
  const next = to[key]
  return next === undefined ? undefined : Math.max(0, Math.min(next, count - 1))
}

/**
 * One row of a list takes part in the Tab order; arrows, j and k move it. Rows mark their link with `data-row`.
 * `reveal` brings a row that is not drawn into sight first.
 */
export function useRowKeys(region: RefObject<HTMLElement | null>, count: number, start: number) {
  const [active, setActive] = useState(Math.max(start, 0))
  const wanted = useRef(false)
  const at = Math.min(active, Math.max(count - 1, 0))

  useEffect(() => {
    if (start >= 0) setActive(start)
  }, [start])

  useEffect(() => {
    if (!wanted.current) return
    wanted.current = false
    const link = region.current?.querySelector<HTMLElement>(`[data-row="${at}"]`)
    link?.focus()
    link?.closest('tr, li')?.scrollIntoView({ block: 'nearest' })
  })

  const move = (to: number) => {
    if (count === 0) return
    wanted.current = true
    setActive(Math.max(0, Math.min(to, count - 1)))
  }
  useKeys([
    { keys: 'j', label: 'Next row', group: 'Lists', run: () => move(at + 1) },
    { keys: 'k', label: 'Previous row', group: 'Lists', run: () => move(at - 1) },
  ])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target as Element).matches('[data-row]')) return
    const to = moved(event.key, at, count)
    if (to === undefined) return
    event.preventDefault()
    move(to)
  }
  return { active: at, onKeyDown }
}
