import { fieldAccuracy } from './auditd/accuracy.fixture.ts'
import { allFieldsAccuracy, recordAccuracy } from './evtx/accuracy.fixture.ts'
import { flowAccuracy } from './pcap/accuracy.fixture.ts'
import { prefetchAccuracy } from './prefetch/accuracy.fixture.ts'
import { accountAccuracy, deletedAccuracy, hiveAccuracy, ownerAccuracy } from './registry-truth.fixture.ts'
import { signInAccuracy } from './sign-in-truth.fixture.ts'
import { requestAccuracy } from './web-access/accuracy.fixture.ts'
import { packetAccuracy } from './windows-firewall/accuracy.fixture.ts'

/** How much of a truth was found: records or fields that are right, that differ, and that are not there. */
export interface Accuracy {
  records: number
  right: number
  wrong: number
  missed: number
}

/** A decoder held to a truth that others made. */
export interface Trial {
  decoder: string
  /** Folder of the real samples. */
  samples: string
  /** What is counted. */
  counts: string
  measure(): Accuracy | Promise<Accuracy>
}

export const trials: readonly Trial[] = [
  ...['evtx_parser', 'evtx_attack', 'sigma_regression'].map((samples) => ({
    decoder: 'evtx',
    samples,
    counts: 'records',
    measure: () => recordAccuracy(samples),
  })),
  {
    decoder: 'evtx',
    samples: 'sigma_regression',
    counts: 'fields',
    measure: () => allFieldsAccuracy('sigma_regression'),
  },
  { decoder: 'auditd', samples: 'auditd', counts: 'fields', measure: fieldAccuracy },
  { decoder: 'pcap', samples: 'pcap_ndpi', counts: 'flows', measure: flowAccuracy },
  { decoder: 'prefetch', samples: 'windows_prefetch', counts: 'values', measure: prefetchAccuracy },
  { decoder: 'registry', samples: 'registry_hives', counts: 'keys and values', measure: hiveAccuracy },
  { decoder: 'registry', samples: 'registry_hives', counts: 'deleted keys and values', measure: deletedAccuracy },
  { decoder: 'registry', samples: 'registry_hives', counts: 'accounts and members', measure: accountAccuracy },
  { decoder: 'registry', samples: 'registry_hives', counts: 'owners and classes', measure: ownerAccuracy },
  { decoder: 'sign-ins', samples: 'login_fail2ban', counts: 'labels', measure: signInAccuracy },
  { decoder: 'web-access', samples: 'weblog', counts: 'requests', measure: requestAccuracy },
  { decoder: 'windows-firewall', samples: 'windows_firewall', counts: 'packets', measure: packetAccuracy },
]
