import type { Role } from '@tidewaiter/protocol/api'
import type { FieldProblem } from '../../ui/error-summary.tsx'
import { strengthOf } from '../../ui/strength.ts'

export interface PersonDraft {
  name: string
  email: string
  role: Role
  password: string
}

export const emptyDraft: PersonDraft = { name: '', email: '', role: 'analyst', password: '' }

/** What has to be fixed before the console is asked; ids are those of the fields. */
export function problemsOf({ name, email, password }: PersonDraft): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (name.trim() === '') problems.push({ id: 'person-name', text: 'Enter the name' })
  if (!/^[^@\s]+@[^@\s]+$/.test(email.trim()))
    problems.push({ id: 'person-email', text: 'Enter an e-mail address, for example name@broker.example' })
  if (!strengthOf(password, email).fits)
    problems.push({ id: 'person-password', text: 'Choose a password of 12 characters or more' })
  return problems
}
