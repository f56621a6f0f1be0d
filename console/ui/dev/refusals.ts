import type { Irregularity } from '@tidewaiter/protocol/api'
import { at } from './clock.ts'

/** What the sample console refused to strangers: at the agent port, or at sign-in. */
export function refusals(where: string | null): Irregularity[] {
  return where === 'sign-in' ? signIns : strangers
}

const strangers: Irregularity[] = [
  {
    at: at('10-29 14:02:11'),
    code: 'host-unknown',
    says: 'No host with this key is enrolled here. (212 more of this kind since, the last at 2026-10-29T15:40:07.000Z)',
    seq: null,
    address: '192.0.2.77',
  },
]

const signIns: Irregularity[] = [
  {
    at: at('10-29 13:20:45'),
    code: 'sign-in-wrong',
    says: 'A sign-in as t.reyes@halyard-customs.example with a wrong password.',
    seq: null,
    address: '203.0.113.88',
  },
]
