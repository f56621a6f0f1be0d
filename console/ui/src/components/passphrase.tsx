import { useState } from 'react'
import { PasswordField } from '../ui/field.tsx'
import { strengthOf } from '../ui/strength.ts'

interface Draft {
  passphrase: string
  again: string
}

/** What is wrong with the passphrase and its repetition; nobody could open the file after a slip of the finger. */
export function mistakesOf({ passphrase, again }: Draft): Partial<Draft> {
  if (!strengthOf(passphrase, '').fits) return { passphrase: 'Choose a passphrase of 12 characters or more.' }
  return passphrase === again ? {} : { again: 'The two are not the same. Enter the passphrase again.' }
}

export interface Choosing {
  draft: Draft
  mistakes: Partial<Draft>
  type: (draft: Draft) => void
  /** True when it can be used; what is wrong with it is shown from then on. */
  check: () => boolean
  clear: () => void
}

const nothing: Draft = { passphrase: '', again: '' }

/** A passphrase while somebody chooses it. */
export function usePassphrase(): Choosing {
  const [draft, type] = useState(nothing)
  const [mistakes, setMistakes] = useState<Partial<Draft>>({})
  return {
    draft,
    mistakes,
    type,
    check() {
      const found = mistakesOf(draft)
      setMistakes(found)
      return Object.keys(found).length === 0
    },
    clear: () => type(nothing),
  }
}

/** Entered twice: nobody sees what stands there. */
export function PassphraseFields({ choosing: { draft, mistakes, type } }: { choosing: Choosing }) {
  const field = (id: keyof Draft) => ({
    value: draft[id],
    error: mistakes[id],
    autoComplete: 'new-password',
    onChange: (event: { target: { value: string } }) => type({ ...draft, [id]: event.target.value }),
  })
  return (
    <>
      <PasswordField
        label="Passphrase"
        hint={<span aria-live="polite">{strengthOf(draft.passphrase, '').words}</span>}
        {...field('passphrase')}
      />
      <PasswordField label="Passphrase again" {...field('again')} />
    </>
  )
}
