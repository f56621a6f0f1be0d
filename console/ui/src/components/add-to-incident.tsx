import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { IncidentRow, NewItem } from '@tidewaiter/protocol/api'
import { addItem } from '../api/incidents.ts'
import { links } from '../links.ts'
import { Button } from '../ui/button.tsx'
import { escapeText } from '../ui/escape.ts'
import { useKeys } from '../ui/keys.ts'
import { Link } from '../ui/link.tsx'
import { MenuButton } from '../ui/menu.tsx'
import { Icon } from '../ui/symbols.tsx'
import { say } from '../ui/toast.tsx'
import { Verbatim } from '../ui/verbatim.tsx'
import { chooseIncident, useIncidents } from './current-incident.ts'
import { useHeld } from './permission.ts'
import { wordsOf } from './problem-note.tsx'

/** Puts what is open into the incident one works in, which the button names; one key from any list. */
export function AddToIncident({ item }: { item: NewItem }) {
  const { open, current } = useIncidents()
  const held = useHeld('report')
  const queries = useQueryClient()
  const add = useMutation({
    mutationFn: (incident: string) => addItem(incident, item),
    onSuccess: (_item, incident) => {
      say(`Added to ${incident}.`)
      void queries.invalidateQueries({ queryKey: ['incident', incident] })
    },
    onError: (error, incident) => say(`Not added to ${incident}: ${wordsOf(error).detail}`),
  })
  const blocked = held ?? (add.isPending ? 'it is being added' : undefined)
  const run = () => {
    if (current !== undefined && blocked === undefined) add.mutate(current.id)
  }
  useKeys(current === undefined ? [] : [{ keys: 'a', label: `Add to ${current.id}`, group: 'Deciding', run }])
  if (current === undefined)
    return (
      <Link className="btn" to={links.incidents}>
        Open an incident first
      </Link>
    )
  const addTo = (incident: string) => {
    chooseIncident(incident)
    add.mutate(incident)
  }
  return (
    <span className="joined">
      <Button onClick={run} hint="a" blocked={blocked} title={escapeText(current.name)}>
        Add to {current.id}
      </Button>
      {open.length > 1 && <Others open={open} current={current} isHeld={blocked !== undefined} addTo={addTo} />}
    </span>
  )
}

interface OthersProps {
  open: readonly IncidentRow[]
  current: IncidentRow
  isHeld: boolean
  addTo: (incident: string) => void
}

/** Every open incident by its name; the chosen one is worked in from then on. */
function Others({ open, current, isHeld, addTo }: OthersProps) {
  return (
    <MenuButton
      name="Add to which incident"
      look="btn icon"
      isDisabled={isHeld}
      label={
        <>
          <Icon name="down" />
          <span className="vh">Add to another incident</span>
        </>
      }
      entries={open.map(({ id, name }) => ({
        id,
        text: `${id} ${name}`,
        label: (
          <span>
            Add to {id} <Verbatim text={name} />
          </span>
        ),
        chosen: id === current.id,
        run: () => addTo(id),
      }))}
    />
  )
}
