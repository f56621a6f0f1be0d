import type { HostStatus } from '@tidewaiter/protocol/api'
import type { Silence } from './silence.ts'

export interface Judged {
  status: HostStatus
  /** Why it is not `online`, in words. */
  why?: string
  /** Where nothing is heard of it. */
  silence?: Silence
}

export function judged(status: HostStatus, why: string): Judged {
  return { status, why }
}

export function time(ms: number | undefined): string {
  return ms === undefined ? 'an unknown time' : new Date(ms).toISOString()
}
