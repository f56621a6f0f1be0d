import type { ButtonHTMLAttributes } from 'react'

interface Look {
  kind?: 'primary' | 'quiet' | 'danger'
  small?: boolean
  icon?: boolean
  /** Key that does the same, shown in the button. */
  hint?: string
  /** Why it cannot be pressed now; the button stays where it is and says so. */
  blocked?: string | undefined
}

/** A button that can say why it does nothing. */
export function Button({
  kind,
  small,
  icon,
  hint,
  blocked,
  children,
  ...rest
}: Look & ButtonHTMLAttributes<HTMLButtonElement>) {
  const looks = ['btn', kind, small && 'small', icon && 'icon', rest.className].filter(Boolean).join(' ')
  // A held submit button must not submit either.
  const held =
    blocked === undefined ? {} : { 'aria-disabled': true, title: blocked, type: 'button' as const, onClick: undefined }
  return (
    <button type="button" {...rest} {...held} className={looks}>
      {children}
      {blocked !== undefined && <span className="vh">, not possible now: {blocked}</span>}
      {hint !== undefined && (
        // biome-ignore lint/a11y/noAriaHiddenOnFocusable: kbd takes no focus; the key is in the list of keys
        <kbd aria-hidden="true">{hint}</kbd>
      )}
    </button>
  )
}
