import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { hostsQuery } from '../../api/hosts.ts'
import { Combobox } from '../../ui/combobox.tsx'
import { ModalDialog } from '../../ui/dialog.tsx'
import { useGo } from '../../ui/link.tsx'
import { Icon } from '../../ui/symbols.tsx'
import { useIncidents } from '../current-incident.ts'
import { offersFor } from './offers.ts'

/** Ctrl K: places, hosts, incidents and searches by their words. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const go = useGo()
  const hosts = useQuery(hostsQuery).data?.rows ?? []
  const { open } = useIncidents()
  useEffect(() => input.current?.focus(), [])
  const options = offersFor(words, { hosts, incidents: open }).map(({ id, kind, text, to }) => ({
    id,
    label: (
      <>
        <span className="offer-kind">{kind}</span>
        <span>{text}</span>
      </>
    ),
    run: () => {
      onClose()
      go(to)
    },
  }))
  return (
    <ModalDialog title="Search or jump to" place="top" onClose={onClose}>
      <div className="palette">
        <div className="palette-field">
          <Icon name="search" />
          <Combobox
            label="Search or jump to"
            placeholder="A page, a host, an address, a hash, or any word"
            value={words}
            onChange={setWords}
            options={options}
            isAlwaysOpen
            inputRef={input}
          />
        </div>
      </div>
    </ModalDialog>
  )
}
