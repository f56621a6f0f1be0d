import type { ReactNode } from 'react'
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'

export interface MenuEntry {
  id: string
  label: ReactNode
  /** For the search by typing, where the label is not plain text. */
  text: string
  run: () => void
  chosen?: boolean
}

/** A button of the top bar or a row that opens a list of acts. */
export function MenuButton({
  label,
  name,
  entries,
  look = 'topbtn',
  isDisabled = false,
}: {
  label: ReactNode
  name: string
  entries: readonly MenuEntry[]
  /** Class of the button. */
  look?: string
  isDisabled?: boolean
}) {
  return (
    <MenuTrigger>
      <Button className={look} isDisabled={isDisabled}>
        {label}
      </Button>
      <Popover className="layer menu" offset={4} placement="bottom end">
        <Menu aria-label={name} items={entries} onAction={(id) => entries.find((entry) => entry.id === id)?.run()}>
          {(entry) => (
            <MenuItem id={entry.id} textValue={entry.text} className="menu-item">
              <span aria-hidden="true" className="menu-mark">
                {entry.chosen === true && '✓'}
              </span>
              {entry.label}
              {entry.chosen === true && <span className="vh">, chosen</span>}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
