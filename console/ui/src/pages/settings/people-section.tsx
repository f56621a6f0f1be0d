import { useQuery } from '@tanstack/react-query'
import type { Person } from '@tidewaiter/protocol/api'
import { meQuery, peopleQuery } from '../../api/people.ts'
import { roleWords } from '../../components/permission.ts'
import { RefusalsPanel } from '../../components/refusals-panel.tsx'
import { Skeleton, Stateful } from '../../components/stateful.tsx'
import { count } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { AddPerson } from './add-person.tsx'
import { EndAccess, NewPassword } from './person-acts.tsx'

/** Who may sign in, as what, and how another one comes in. */
export function PeopleSection() {
  const query = useQuery(peopleQuery)
  return (
    <div className="stack">
      <Stateful query={query} noun="people" skeleton={<Skeleton rows={4} />}>
        {({ rows }) => <People people={rows} />}
      </Stateful>
      <RefusalsPanel at="sign-in" />
      <AddPerson />
    </div>
  )
}

function People({ people }: { people: readonly Person[] }) {
  const ended = people.filter(({ disabledAt }) => disabledAt !== null).length
  return (
    <Panel
      title="People"
      meta={`${count(people.length - ended)} may sign in${ended > 0 ? ` · ${count(ended)} ended` : ''}`}
    >
      <Scroll label="People">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">E-mail</th>
              <th scope="col">Role</th>
              <th scope="col">Last seen</th>
              <th scope="col">
                <span className="vh">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <Row key={person.id} person={person} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  )
}

function Row({ person }: { person: Person }) {
  const isMe = useQuery(meQuery).data?.id === person.id
  const { name, email, role, createdAt, disabledAt, lastSeenAt } = person
  return (
    <tr>
      <th scope="row">
        <Verbatim text={name} />
        {isMe && <span className="muted"> (you)</span>}
      </th>
      <td>
        <Verbatim text={email} />
      </td>
      <td>{disabledAt === null ? roleWords[role] : <span className="muted">{roleWords[role]}, access ended</span>}</td>
      <td className="nowrap">
        {lastSeenAt === null ? 'Not yet' : <TimeText at={lastSeenAt} precision="minute" />}
        <span className="meta">
          added <TimeText at={createdAt} precision="minute" />
        </span>
      </td>
      <td className="num">
        <span className="actions ends">
          <NewPassword person={person} />
          {disabledAt === null && <EndAccess person={person} isMe={isMe} />}
        </span>
      </td>
    </tr>
  )
}
