import { useQueryClient } from '@tanstack/react-query'
import type { HostDetail } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { approveRenewal } from '../../api/hosts.ts'
import { AskFirst } from '../../components/ask-first.tsx'
import { useHeld } from '../../components/permission.ts'
import { Button } from '../../ui/button.tsx'
import { escapeText } from '../../ui/escape.ts'
import { say } from '../../ui/toast.tsx'

/** For a host that was away when its certificate ended: it may renew it, and nothing else, once an admin agrees. */
export function LetRenew({ host }: { host: HostDetail }) {
  const [isOpen, setOpen] = useState(false)
  const held = useHeld('administer')
  const queries = useQueryClient()
  const name = escapeText(host.name)
  const done = () => {
    void queries.invalidateQueries({ queryKey: ['host', host.id] })
    void queries.invalidateQueries({ queryKey: ['hosts'] })
    say(`${name} may renew its certificate for a day.`)
  }
  return (
    <>
      <Button small onClick={() => setOpen(true)} blocked={held}>
        Let it renew…
      </Button>
      {isOpen && (
        <AskFirst
          title={`Let ${name} renew its certificate`}
          verb="Let it renew"
          failed="Not allowed"
          run={() => approveRenewal(host.id)}
          onDone={done}
          onClose={() => setOpen(false)}
        >
          It connects again by itself, gets a new certificate for a year within the next day, and sends what it kept
          meanwhile. Agree only when you know where the computer was.
        </AskFirst>
      )}
    </>
  )
}
