import { useQuery } from '@tanstack/react-query'
import type { TokenPage } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { attemptsQuery, hostsQuery, tokensQuery } from '../api/hosts.ts'
import { useTopics } from '../api/live.ts'
import { Note } from '../components/note.tsx'
import { Page } from '../components/page.tsx'
import { Skeleton, Stateful } from '../components/stateful.tsx'
import { useNow } from '../ui/now.ts'
import { plural } from '../ui/numbers.ts'
import { isThisMachineOnly } from './enrol/agent-address.ts'
import { Commands, type Made } from './enrol/commands.tsx'
import { TokenForm } from './enrol/token-form.tsx'
import { standingOf } from './enrol/token-standing.ts'
import { TokensPanel } from './enrol/tokens-panel.tsx'
import { Watcher } from './enrol/watcher.tsx'

const none: TokenPage = { rows: [], agentUrls: [] }

/** Adds hosts: a token, what to run with it, and who arrives. */
export function EnrolPage() {
  useTopics('enrol')
  const hosts = useQuery(hostsQuery).data
  const tokens = useQuery(tokensQuery)
  const attempts = useQuery(attemptsQuery)
  const now = useNow(60_000)
  const [made, setMade] = useState<Made>()
  const { rows, agentUrls } = tokens.data ?? none
  const good = rows.filter((token) => standingOf(token, now).isGood).length
  return (
    <Page title="Enrol" sub={hosts && `${plural(hosts.total, 'host')} enrolled · ${plural(good, 'token')} in force`}>
      <div className="stack">
        {agentUrls.length > 0 && isThisMachineOnly(agentUrls) && <OnlyHere />}
        <TokenForm hasOne={made !== undefined} onMade={(token, label) => setMade({ token, label })} />
        <Commands made={made} />
        <Stateful query={attempts} noun="attempts to enrol" skeleton={<Skeleton rows={3} />}>
          {(page) => <Watcher attempts={page.rows} tokens={rows} />}
        </Stateful>
        <Stateful query={tokens} noun="tokens" skeleton={<Skeleton rows={3} />}>
          {(page) => <TokensPanel tokens={page.rows} />}
        </Stateful>
      </div>
    </Page>
  )
}

/** Before a token is made: one from here lets no other computer in. */
function OnlyHere() {
  return (
    <Note shape="degraded">
      <b>Only this computer reaches the console</b>, so no other one can enrol. Stop it and start it with the address
      that others reach it at, then make the token: <code>tidewaiter serve --data FOLDER --host ADDRESS</code>
    </Note>
  )
}
