import { randomUUID } from 'node:crypto'
import type { Role } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import type { Store } from '../store/store.ts'
import { record } from './audit.ts'
import { hashPassword, isPassword } from './password.ts'

export interface NewPerson {
  email: string
  name: string
  role: Role
  password: string
}

export async function hasPeople(store: Store): Promise<boolean> {
  return (await store.selectFrom('person').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Adds a person. Throws `input-malformed` when the e-mail is taken or the password too short. */
export async function addPerson(
  store: Store,
  { email, name, role, password }: NewPerson,
  act: { who: string; at: string },
): Promise<string> {
  if (password.length < 12)
    throw refuse('input-malformed', 'The password has fewer than 12 characters. Use 12 or more.')
  const id = randomUUID()
  const password_hash = await hashPassword(password)
  await store.transaction().execute(async (tx) => {
    const taken = await tx.selectFrom('person').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst()
    if (taken !== undefined)
      throw refuse('input-malformed', `${email} is already registered. Use another e-mail address.`)
    await tx
      .insertInto('person')
      .values({ id, email: email.toLowerCase(), name, role, password_hash, created_at: act.at, disabled_at: null })
      .execute()
    await record(tx, { ...act, act: 'person.add', data: { id, email, role } })
  })
  return id
}

/** Hash of a password nobody has: a sign-in for an unknown e-mail takes as long as for a known one. */
const nobody = hashPassword('nobody has this password')

/** Id of the person with this e-mail and password. Throws `sign-in-wrong`, which does not say which of the two was wrong. */
export async function checkSignIn(store: Store, email: string, password: string): Promise<string> {
  const person = await store
    .selectFrom('person')
    .select(['id', 'password_hash'])
    .where('email', '=', email.toLowerCase())
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  const fits = await isPassword(password, person?.password_hash ?? (await nobody))
  if (person === undefined || !fits) throw refuse('sign-in-wrong', 'E-mail or password do not fit.')
  return person.id
}
