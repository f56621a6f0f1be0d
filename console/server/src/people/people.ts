import { randomUUID } from 'node:crypto'
import type { NewPerson, Person } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import type { Store, Transaction } from '../store/store.ts'
import { record } from './audit.ts'
import { hashPassword, isPassword } from './password.ts'

/** Who does it, and when. */
interface Doing {
  who: string
  at: string
}

export async function hasPeople(store: Store): Promise<boolean> {
  return (await store.selectFrom('person').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Adds a person. Throws `input-malformed` when the e-mail is taken or the password too short. */
export async function addPerson(store: Store, person: NewPerson, act: Doing): Promise<string> {
  const passwordHash = await hashLongEnough(person.password)
  return store.transaction().execute((tx) => insertPerson(tx, { ...person, passwordHash }, act))
}

/** Part of a transaction, whose other parts come before. Throws `input-malformed` when the e-mail is taken. */
export async function insertPerson(
  tx: Transaction,
  { email, name = email, role, passwordHash }: Omit<NewPerson, 'password'> & { passwordHash: string },
  act: Doing,
): Promise<string> {
  const id = randomUUID()
  const taken = await tx.selectFrom('person').select('id').where('email', '=', email.toLowerCase()).executeTakeFirst()
  if (taken !== undefined)
    throw refuse('input-malformed', `${email} is already registered. Use another e-mail address.`)
  const own = { id, email: email.toLowerCase(), name, role, password_hash: passwordHash }
  await tx
    .insertInto('person')
    .values({ ...own, created_at: act.at, disabled_at: null })
    .execute()
  await record(tx, { ...act, act: 'person.add', data: { id, email, role } })
  return id
}

/** Throws `input-malformed`. */
export async function hashLongEnough(password: string): Promise<string> {
  if (password.length < 12)
    throw refuse('input-malformed', 'The password has fewer than 12 characters. Use 12 or more.')
  return hashPassword(password)
}

/** Everyone who may sign in or once might, in the order they came. */
export async function listPeople(store: Store): Promise<Person[]> {
  const rows = await store
    .selectFrom('person')
    .leftJoin('session', 'session.person', 'person.id')
    .select(['person.id', 'email', 'name', 'role', 'person.created_at', 'disabled_at'])
    .select((eb) => eb.fn.max('session.seen_at').as('seen_at'))
    .groupBy(['person.id', 'email', 'name', 'role', 'person.created_at', 'disabled_at'])
    .orderBy('person.created_at')
    .execute()
  return rows.map(({ id, email, name, role, created_at, disabled_at, seen_at }) => ({
    id,
    email,
    name,
    // Only what `addPerson` wrote stands in the column.
    role: role as Person['role'],
    createdAt: created_at,
    disabledAt: disabled_at,
    lastSeenAt: seen_at,
  }))
}

/** The person who has this e-mail, also one whose access was ended. */
export async function findPerson(
  store: Store,
  email: string,
): Promise<Pick<Person, 'id' | 'email' | 'disabledAt'> | undefined> {
  const row = await store
    .selectFrom('person')
    .select(['id', 'email', 'disabled_at'])
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst()
  return row === undefined ? undefined : { id: row.id, email: row.email, disabledAt: row.disabled_at }
}

/** Gives a person a new password, and access back where it had been ended. Open sessions end. Throws `not-found`, `input-malformed`. */
export async function setPassword(store: Store, id: string, password: string, act: Doing): Promise<void> {
  const password_hash = await hashLongEnough(password)
  await change(store, id, { password_hash, disabled_at: null }, { ...act, act: 'person.password' })
}

/** Ends a person's access, and with it every open session. Throws `not-found`. */
export function disablePerson(store: Store, id: string, act: Doing): Promise<void> {
  return change(store, id, { disabled_at: act.at }, { ...act, act: 'person.disable' })
}

async function change(
  store: Store,
  id: string,
  values: { password_hash?: string; disabled_at: string | null },
  act: Doing & { act: string },
): Promise<void> {
  await store.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx.updateTable('person').set(values).where('id', '=', id).executeTakeFirst()
    if (numUpdatedRows === 0n) throw refuse('not-found', `There is no person ${id}.`)
    const open = tx.updateTable('session').set({ revoked_at: act.at }).where('person', '=', id)
    await open.where('revoked_at', 'is', null).execute()
    await record(tx, { ...act, data: { id } })
  })
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
