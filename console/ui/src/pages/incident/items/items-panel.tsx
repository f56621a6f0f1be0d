import type { ReactNode } from 'react'
import { count } from '../../../ui/numbers.ts'
import { Panel } from '../../../ui/panel.tsx'
import { Scroll } from '../../../ui/scroll.tsx'

interface Props {
  title: string
  total: number
  /** Heads of the columns between the name and who put it in. */
  heads: readonly [string, string]
  children: ReactNode
}

/** Things of one kind that were put into an incident; nothing where there are none. */
export function ItemsPanel({ title, total, heads, children }: Props) {
  if (total === 0) return null
  return (
    <Panel title={title} meta={`${count(total)}, in the order they were put in`}>
      <Scroll label={title}>
        <table className="items">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">{heads[0]}</th>
              <th scope="col">{heads[1]}</th>
              <th scope="col">Put in</th>
              <th scope="col">
                <span className="vh">Act</span>
              </th>
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </Scroll>
    </Panel>
  )
}
