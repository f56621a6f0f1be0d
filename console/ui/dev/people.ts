import { randomUUID } from 'node:crypto'
import type { Person } from '@tidewaiter/protocol/api'
import { at, now } from './clock.ts'

/** The people of the sample broker. */
export const people: Person[] = [
  {
    id: 'p1',
    email: 't.reyes@halyard-customs.example',
    name: 'T. Reyes',
    role: 'admin',
    createdAt: at('10-12 09:20:00'),
    disabledAt: null,
    lastSeenAt: at('10-29 15:39:00'),
  },
  {
    id: 'p2',
    email: 'r.abara@halyard-customs.example',
    name: 'R. Abara',
    role: 'submitter',
    createdAt: at('10-12 09:31:00'),
    disabledAt: null,
    lastSeenAt: at('10-29 15:12:00'),
  },
  {
    id: 'p3',
    email: 'audit@beacon-ir.example',
    name: 'Beacon IR, LLC',
    role: 'auditor',
    createdAt: at('10-29 11:20:00'),
    disabledAt: null,
    lastSeenAt: null,
  },
  {
    id: 'p4',
    email: 'd.former@halyard-customs.example',
    name: 'D. Former',
    role: 'analyst',
    createdAt: at('10-12 09:40:00'),
    disabledAt: at('10-21 16:00:00'),
    lastSeenAt: at('10-21 15:41:00'),
  },
]

/** What the API answers to one more person. */
export function newPerson(body: Record<string, unknown>): Pick<Person, 'id' | 'email' | 'role'> {
  const person: Person = {
    id: randomUUID(),
    email: String(body.email).toLowerCase(),
    name: String(body.name ?? body.email),
    // The screens send the roles of the API.
    role: body.role as Person['role'],
    createdAt: now(),
    disabledAt: null,
    lastSeenAt: null,
  }
  people.push(person)
  return person
}
