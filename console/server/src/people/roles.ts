import type { Role } from '@tidewaiter/protocol/api'

/** What a route may need. One table, so that an auditor can read it. */
export type Permission = 'read' | 'investigate' | 'report' | 'administer'

const allowed: Record<Role, readonly Permission[]> = {
  admin: ['read', 'investigate', 'report', 'administer'],
  analyst: ['read', 'investigate', 'report'],
  submitter: ['read', 'report'],
  auditor: ['read'],
}

export function may(role: Role, permission: Permission): boolean {
  return allowed[role].includes(permission)
}
