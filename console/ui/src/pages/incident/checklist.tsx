import type { IncidentDetail } from '@tidewaiter/protocol/api'
import type { ReactNode } from 'react'
import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { count, plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Shape } from '../../ui/symbols.tsx'
import { TimeText } from '../../ui/time-text.tsx'

/** What CBP will ask, and how far each answer is. */
export function Checklist({ incident }: { incident: IncidentDetail }) {
  const { id, facts, factsAnswered, factsTotal, items, clocks, packages } = incident
  const notice = clocks.find((clock) => clock.id === 'notice')
  const sentAt = notice?.stoppedAt ?? null
  const built = packages.find(({ state }) => state === 'built')
  const unknown = facts.filter(({ state }) => state === 'not-known-yet').length
  return (
    <Panel title="What CBP will ask" meta="CBP decides what it needs">
      <ul className="checks in">
        <Point
          isDone={factsAnswered === factsTotal}
          name={<Link to={links.incident(id, 'facts')}>The facts</Link>}
          says={`${plural(unknown, 'fact')} “not known yet”, which is an answer`}
          standing={`${factsAnswered} of ${factsTotal}`}
        />
        <Point
          isDone={sentAt !== null}
          name={<Link to={links.incident(id, 'facts')}>The SOC told in writing</Link>}
          says={
            <>
              cbpsoc@cbp.dhs.gov; by telephone at any hour <span className="nowrap">703-921-6507</span>
            </>
          }
          standing={sentAt === null ? 'not yet sent' : <TimeText at={sentAt} precision="minute" />}
        />
        <Point
          isDone={items.length > 0}
          name={<Link to={links.incident(id, 'findings')}>What shows it</Link>}
          says={contentsOf(items)}
          standing={count(items.length)}
        />
        <Point
          isDone={built !== undefined}
          name={<Link to={links.incident(id, 'packages')}>The evidence package</Link>}
          says="Records with their proofs, signed, to be verified without this console"
          standing={built === undefined ? 'none built' : `P-${built.number}`}
        />
      </ul>
    </Panel>
  )
}

function contentsOf(items: IncidentDetail['items']): string {
  const having = (kind: string) => items.filter((item) => item.kind === kind).length
  return `${plural(having('finding'), 'finding')}, ${plural(having('sighting'), 'sighting')}, ${plural(having('record'), 'record')}`
}

interface PointProps {
  isDone: boolean
  name: ReactNode
  says: ReactNode
  standing: ReactNode
}

function Point({ isDone, name, says, standing }: PointProps) {
  return (
    <li className={isDone ? undefined : 'wait'}>
      <Shape name={isDone ? 'ok' : 'wait'} />
      <span>
        {name}
        <span className="vh">{isDone ? ', done' : ', open'}</span>
        <span className="meta block">{says}</span>
      </span>
      <span className="r">{standing}</span>
    </li>
  )
}
