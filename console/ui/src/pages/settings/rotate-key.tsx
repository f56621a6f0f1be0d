import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Rotated, rotateKey } from '../../api/keys.ts'
import { AskFirst } from '../../components/ask-first.tsx'
import { useHeld } from '../../components/permission.ts'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/toast.tsx'

const says: Record<Rotated, string> = {
  package:
    'Packages from now on are signed with the new key. Those already given out stay valid under the old one, whose public half is kept. Give the new fingerprint to whoever compares it, by phone.',
  ledger:
    'Heads of the ledger from now on are signed with the new key. The old public half is kept, so that every earlier head can still be checked.',
}

export function isRotated(name: string): name is Rotated {
  return name in says
}

/** A new key in place of one that somebody may have got at. There is no way back to the old one, so its name is typed. */
export function RotateKey({ name }: { name: Rotated }) {
  const [isOpen, setOpen] = useState(false)
  const held = useHeld('administer')
  const queries = useQueryClient()
  return (
    <>
      <Button small onClick={() => setOpen(true)} blocked={held}>
        Rotate…<span className="vh"> the {name} key</span>
      </Button>
      {isOpen && (
        <AskFirst
          title={`Rotate the ${name} key`}
          verb="Rotate"
          failed="Not rotated"
          word={name}
          run={() => rotateKey(name)}
          onDone={() => {
            void queries.invalidateQueries({ queryKey: ['keys'] })
            say(`The ${name} key is new.`)
          }}
          onClose={() => setOpen(false)}
        >
          {says[name]}
        </AskFirst>
      )}
    </>
  )
}
