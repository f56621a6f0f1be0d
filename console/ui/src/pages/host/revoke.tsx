import { useQueryClient } from '@tanstack/react-query'
import type { HostDetail } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { revokeHost } from '../../api/hosts.ts'
import { AskFirst } from '../../components/ask-first.tsx'
import { useHeld } from '../../components/permission.ts'
import { Button } from '../../ui/button.tsx'
import { escapeText } from '../../ui/escape.ts'
import { say } from '../../ui/toast.tsx'

/** Ends a host's right to send. It cannot be undone, so the name is typed. */
export function Revoke({ host }: { host: HostDetail }) {
  const [isOpen, setOpen] = useState(false)
  const held = useHeld('administer')
  const queries = useQueryClient()
  const isOver = host.status === 'revoked' || host.status === 'retired'
  const name = escapeText(host.name)
  const done = () => {
    void queries.invalidateQueries({ queryKey: ['host', host.id] })
    void queries.invalidateQueries({ queryKey: ['hosts'] })
    say(`${name} is revoked.`)
  }
  return (
    <>
      <Button small onClick={() => setOpen(true)} blocked={isOver ? `it is ${host.status}` : held}>
        Revoke…
      </Button>
      {isOpen && (
        <AskFirst
          title={`Revoke ${name}`}
          verb="Revoke"
          failed="Not revoked"
          word={name}
          run={() => revokeHost(host.id)}
          onDone={done}
          onClose={() => setOpen(false)}
        >
          It can send nothing more from this second on. What it sent stays. To come back it has to be enrolled anew,
          with a new key.
        </AskFirst>
      )}
    </>
  )
}
