import { type KeyboardEvent, type ReactNode, type Ref, useId, useState } from 'react'

export interface Option {
  id: string
  label: ReactNode
  run: () => void
}

interface Props {
  label: string
  value: string
  onChange: (value: string) => void
  options: readonly Option[]
  /** Enter with nothing chosen in the list. */
  onEnter?: () => void
  placeholder?: string
  /** The list stands open as long as there is something in it, and its first line is chosen. */
  isAlwaysOpen?: boolean
  inputRef?: Ref<HTMLInputElement>
  describedBy?: string
  isInvalid?: boolean
}

/** Which line of the list is chosen, and the keys that choose it. */
function useChoice({ options, onEnter, isAlwaysOpen = false }: Props) {
  const start = isAlwaysOpen ? 0 : -1
  const [at, setAt] = useState(start)
  const [isWanted, setWanted] = useState(false)
  const isOpen = options.length > 0 && (isAlwaysOpen || isWanted)
  const chosen = isOpen ? options[Math.min(at, options.length - 1)] : undefined
  const reopen = (wanted: boolean) => {
    setWanted(wanted)
    setAt(start)
  }
  const close = () => reopen(false)
  const move = (step: number) => {
    if (options.length === 0) return false
    setWanted(true)
    setAt((Math.max(at, step < 0 ? 0 : -1) + step + options.length) % options.length)
    return true
  }
  const take = () => {
    if (chosen === undefined) onEnter?.()
    else chosen.run()
    close()
    return true
  }
  const leave = () => {
    if (!isOpen || isAlwaysOpen) return false
    close()
    return true
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const isTaken =
      event.key === 'ArrowDown'
        ? move(1)
        : event.key === 'ArrowUp'
          ? move(-1)
          : event.key === 'Enter'
            ? take()
            : event.key === 'Escape' && leave()
    if (isTaken) event.preventDefault()
  }
  return { isOpen, chosen, onKeyDown, close, open: () => reopen(true) }
}

/** A text field with a list of offers (WAI-ARIA combobox, list with manual choice). */
export function Combobox(props: Props) {
  const { label, value, onChange, options, placeholder, inputRef } = props
  const id = useId()
  const { isOpen, chosen, onKeyDown, close, open } = useChoice(props)
  return (
    <>
      <input
        ref={inputRef}
        role="combobox"
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={chosen && `${id}-${chosen.id}`}
        aria-describedby={props.describedBy}
        aria-invalid={props.isInvalid}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={placeholder}
        value={value}
        onChange={(event) => {
          onChange(event.target.value)
          open()
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <div
        className={isOpen ? 'offers' : 'offers none'}
        id={`${id}-list`}
        role="listbox"
        aria-label={`${label}: offers`}
      >
        {isOpen &&
          options.map((option) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field, as ARIA says
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
            <div
              key={option.id}
              id={`${id}-${option.id}`}
              role="option"
              aria-selected={option === chosen}
              className="offer"
              // Before the field loses the focus, which would close the list.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => {
                option.run()
                close()
              }}
            >
              {option.label}
            </div>
          ))}
      </div>
    </>
  )
}
