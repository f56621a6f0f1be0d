import { brokerProblems } from '../../components/broker-problems.ts'
import type { FieldProblem } from '../../ui/error-summary.tsx'
import { strengthOf } from '../../ui/strength.ts'

export interface SetupDraft {
  code: string
  brokerName: string
  filerCode: string
  name: string
  email: string
  password: string
  zone: string
}

/** The code as it was printed, `K7QF-2M9D`, whatever way it was typed or spoken. What cannot be one is left as it is. */
export function codeOf(text: string): string {
  const signs = text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return signs.length === 8 ? `${signs.slice(0, 4)}-${signs.slice(4)}` : text.trim()
}

/** What has to be fixed before the console is asked; each line says how. Ids are those of the fields. */
export function problemsOf(draft: SetupDraft): FieldProblem[] {
  const problems: FieldProblem[] = []
  const need = (id: keyof SetupDraft, isFine: boolean, text: string) => {
    if (!isFine) problems.push({ id, text })
  }
  need('code', draft.code.trim() !== '', 'Enter the set-up code that the terminal printed')
  problems.push(...brokerProblems({ name: draft.brokerName, filerCode: draft.filerCode }))
  need('name', draft.name.trim() !== '', 'Enter your name')
  need('email', /^[^@\s]+@[^@\s]+$/.test(draft.email), 'Enter an e-mail address, for example name@broker.example')
  need('password', strengthOf(draft.password, draft.email).fits, 'Choose a password of 12 characters or more')
  return problems
}
