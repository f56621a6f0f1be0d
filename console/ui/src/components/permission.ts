import { useQuery } from '@tanstack/react-query'
import type { Role } from '@tidewaiter/protocol/api'
import { useBlocked } from '../api/live.ts'
import { meQuery } from '../api/people.ts'

export type Permission = 'investigate' | 'report' | 'administer'

/** What the console will allow; it decides, this only keeps people from pressing in vain. */
const allowed: Record<Role, readonly Permission[]> = {
  admin: ['investigate', 'report', 'administer'],
  analyst: ['investigate', 'report'],
  submitter: ['report'],
  auditor: [],
}

export const roleWords: Record<Role, string> = {
  admin: 'Admin',
  analyst: 'Analyst',
  submitter: 'Submitter',
  auditor: 'Auditor',
}

/** Why an act cannot be done now: the role does not allow it, or the console does not answer. Undefined when it can. */
export function useHeld(permission: Permission): string | undefined {
  const blocked = useBlocked()
  return useForbidden(permission) ?? blocked
}

/** Why this person may only read; undefined when the role allows the act, whether or not the console answers. */
export function useForbidden(permission: Permission): string | undefined {
  const role = useQuery(meQuery).data?.role
  return role !== undefined && !allowed[role].includes(permission) ? `the role ${role} does not allow it` : undefined
}
