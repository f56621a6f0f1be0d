import type { IncidentItem } from '@tidewaiter/protocol/api'
import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { escapeText } from '../../../ui/escape.ts'
import { TimeText } from '../../../ui/time-text.tsx'
import { Verbatim } from '../../../ui/verbatim.tsx'
import type { Removal } from './use-removal.ts'

interface Props {
  item: IncidentItem
  removal: Removal
  /** What is removed, in words. */
  what: string
  name: ReactNode
  /** Cells between the name and who put it in. */
  children: ReactNode
}

/** One thing that was put into an incident, by whom, and the way to take it out again. */
export function ItemRow({ item, removal, what, name, children }: Props) {
  return (
    <tr>
      <th scope="row">
        {name}
        {item.note !== '' && (
          <span className="meta block">
            <Verbatim text={item.note} />
          </span>
        )}
      </th>
      {children}
      <td>
        <TimeText at={item.addedAt} precision="minute" />
        <span className="meta">
          <Verbatim text={item.addedBy} />
        </span>
      </td>
      <td className="num">
        <Button small blocked={removal.blocked} onClick={() => removal.remove(item)}>
          Remove<span className="vh"> {escapeText(what)}</span>
        </Button>
      </td>
    </tr>
  )
}
