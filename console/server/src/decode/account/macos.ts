import { countIn, defined, type Row } from '../row.ts'
import { textsIn } from '../system-row.ts'
import { instant } from '../time.ts'

/** What dscl(1) and the policy of an account say of its password, beside what every system says. */
export function macosPasswordOf(row: Row): Record<string, unknown> {
  const ways = textsIn(row, 'ways')
  return {
    password_changed: timeOf(row, 'passwordLastSetTime'),
    failed_sign_ins: countIn(row, 'failedLoginCount'),
    last_failed_sign_in: timeOf(row, 'failedLoginTimestamp'),
    ...defined({ authentication: ways.length === 0 ? undefined : ways }),
  }
}

function timeOf(row: Row, name: string): string | undefined {
  const seconds = countIn(row, name)
  return seconds === undefined ? undefined : instant(seconds, '')
}
