import { useQueryClient } from '@tanstack/react-query'
import type { TokenRow } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { revokeToken } from '../../api/hosts.ts'
import { AskFirst } from '../../components/ask-first.tsx'
import { Empty } from '../../components/empty.tsx'
import { useHeld } from '../../components/permission.ts'
import { Button } from '../../ui/button.tsx'
import { escapeText } from '../../ui/escape.ts'
import { useNow } from '../../ui/now.ts'
import { count, plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { say } from '../../ui/toast.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { standingOf } from './token-standing.ts'

/** Tokens that were made, newest first, and what is left of each. Their secrets are nowhere. */
export function TokensPanel({ tokens }: { tokens: readonly TokenRow[] }) {
  return (
    <Panel title="Tokens" meta={tokens.length === 0 ? 'none yet' : `${count(tokens.length)} made, newest first`}>
      {tokens.length === 0 ? (
        <Empty
          state={{
            kind: 'nothing-yet',
            title: 'No tokens yet',
            says: 'A token lets as many computers in as you say, for as long as you say. Make one above.',
          }}
        />
      ) : (
        <Scroll label="Tokens" className="some">
          <table>
            <thead>
              <tr>
                <th scope="col">Label</th>
                <th scope="col">State</th>
                <th scope="col" className="num">
                  Used
                </th>
                <th scope="col">Ends</th>
                <th scope="col">Made</th>
                <th scope="col">
                  <span className="vh">Act</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.map((token) => (
                <Row key={token.id} token={token} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  )
}

function Row({ token }: { token: TokenRow }) {
  const { isGood, word } = standingOf(token, useNow(60_000))
  const { id, label, used, uses, expiresAt, createdAt, createdBy } = token
  return (
    <tr>
      <th scope="row">
        {label === '' ? <span className="mono">{id}</span> : <Verbatim text={label} />}
        {label !== '' && <span className="meta mono block">{id}</span>}
      </th>
      <td>{isGood ? word : <span className="muted">{word}</span>}</td>
      <td className="num nowrap">
        {count(used)} of {count(uses)}
      </td>
      <td className="nowrap">
        <TimeText at={expiresAt} precision="minute" />
      </td>
      <td className="nowrap">
        <TimeText at={createdAt} precision="minute" />
        <span className="meta">
          <Verbatim text={createdBy} />
        </span>
      </td>
      <td className="num">{isGood && <Revoke token={token} />}</td>
    </tr>
  )
}

function Revoke({ token }: { token: TokenRow }) {
  const [isOpen, setOpen] = useState(false)
  const held = useHeld('administer')
  const queries = useQueryClient()
  const name = token.label === '' ? token.id : escapeText(token.label)
  const left = token.uses - token.used
  return (
    <>
      <Button small onClick={() => setOpen(true)} blocked={held}>
        Revoke…<span className="vh"> {name}</span>
      </Button>
      {isOpen && (
        <AskFirst
          title={`Revoke the token ${name}`}
          verb="Revoke"
          failed="Not revoked"
          run={() => revokeToken(token.id)}
          onDone={() => {
            void queries.invalidateQueries({ queryKey: ['tokens'] })
            say(`The token ${name} is revoked.`)
          }}
          onClose={() => setOpen(false)}
        >
          It could let {plural(left, 'more computer')} in; from this second on it lets in none. Hosts that came with it
          stay. A new token is made in seconds.
        </AskFirst>
      )}
    </>
  )
}
