import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './button.tsx'
import { useEscape, useKeys } from './keys.ts'
import { Icon } from './symbols.tsx'

interface Props {
  title: ReactNode
  /** What stands above the title: kind, state, or the way back. */
  mark: ReactNode
  /** What it shows, in a word: `finding`, `record`. */
  noun: string
  onClose: () => void
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  footer?: ReactNode
  children: ReactNode
}

/**
 * One thing beside its list. The focus stays in the list, so that keys go on there; where the list is hidden for want
 * of room, the focus comes in. Closing gives it back to the row.
 */
export function Drawer({ title, mark, noun, onClose, onPrevious, onNext, footer, children }: Props) {
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  useEscape(true, onClose)
  useKeys([
    { keys: '[', label: `Previous ${noun}`, group: 'Open beside the list', run: () => onPrevious?.() },
    { keys: ']', label: `Next ${noun}`, group: 'Open beside the list', run: () => onNext?.() },
  ])
  useEffect(() => {
    const active = document.activeElement
    if (active === null || active === document.body || active.getClientRects().length === 0) heading.current?.focus()
    return focusRow
  }, [])
  return (
    <section className="drawer" aria-labelledby={id}>
      <header>
        {mark}
        <span className="end">
          <Turn name={`Previous ${noun}`} icon="left" act={onPrevious} />
          <Turn name={`Next ${noun}`} icon="right" act={onNext} />
          <Turn name="Close" icon="close" act={onClose} />
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section className="body" aria-label={`About the ${noun}`} tabIndex={0}>
        <h2 id={id} tabIndex={-1} ref={heading}>
          <span>{title}</span>
        </h2>
        {children}
      </section>
      {footer !== undefined && <footer>{footer}</footer>}
    </section>
  )
}

function Turn({ name, icon, act }: { name: string; icon: 'left' | 'right' | 'close'; act: (() => void) | undefined }) {
  return (
    <Button kind="quiet" icon onClick={act} {...(act === undefined && { blocked: 'this is the last one' })}>
      <Icon name={icon} />
      <span className="vh">{name}</span>
    </Button>
  )
}

/** After the list is drawn again: its row in the Tab order, unless the person is elsewhere already. */
function focusRow(): void {
  requestAnimationFrame(() => {
    const active = document.activeElement
    if (active !== null && active !== document.body) return
    document.querySelector<HTMLElement>('[data-row][tabindex="0"]')?.focus()
  })
}
