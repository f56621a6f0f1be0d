import type { Subject } from '@tidewaiter/protocol/api'
import { quoted } from '../query/chips.ts'

const fields: Record<Subject['type'], string> = {
  address: 'ip:',
  account: 'user.name:',
  process: 'process.name:',
  file: 'file.path:',
  host: 'host:',
  // No column of its own: searched as text.
  url: '',
}

/** The search for a finding's subject everywhere. */
export function pivotQuery({ type, value }: Subject): string {
  return `${fields[type]}${quoted(value)}`
}
