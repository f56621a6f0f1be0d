import type { HostDetail } from '@tidewaiter/protocol/api'
import { consoleNow } from '../../ui/now.ts'

/** True for a host that could come back, had its certificate not ended. */
export function isExpired(
  { status, certificateExpiresAt }: Pick<HostDetail, 'status' | 'certificateExpiresAt'>,
  nowMs = consoleNow(),
): boolean {
  if (status === 'revoked' || status === 'retired' || certificateExpiresAt === null) return false
  return Date.parse(certificateExpiresAt) <= nowMs
}
