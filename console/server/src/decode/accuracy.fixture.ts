import { fieldAccuracy } from './auditd/accuracy.fixture.ts'
import { labelAccuracy } from './crowdsec.fixture.ts'
import { allFieldsAccuracy, recordAccuracy } from './evtx/accuracy.fixture.ts'
import { messageAccuracy } from './ibm-mq/accuracy.fixture.ts'
import { statementAccuracy } from './mysql-slow/accuracy.fixture.ts'
import { flowAccuracy } from './pcap/accuracy.fixture.ts'
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
  { decoder: 'mysql-slow', samples: 'mysql_slow_log', counts: 'counts', measure: statementAccuracy },
  { decoder: 'ibm-mq', samples: 'mq_logs', counts: 'counts', measure: messageAccuracy },
  { decoder: 'sign-ins', samples: 'login_fail2ban', counts: 'labels', measure: signInAccuracy },
  ...(
    [
      ['postgresql', 'login_web_crowdsec/pgsql-user-enum'],
      ['sql-server', 'service_logs_crowdsec/mssql-text-logs'],
      ['suricata', 'service_logs_crowdsec/suricata-logs-evelog'],
      ['suricata', 'login_web_crowdsec/suricata-eve-detect'],
      ['iptables', 'service_logs_crowdsec/iptables-logs', 2026],
      ['iptables', 'login_web_crowdsec/iptables-scan-multi-port', 2026],
      ['pf', 'login_web_crowdsec/opnsense-gui-auth'],
      ['pf', 'login_web_crowdsec/pfsense-gui-auth', 2026],
    ] as const
  ).map(([decoder, samples, year]) => ({
    decoder,
    samples,
    counts: 'labels',
    measure: () => labelAccuracy([samples], year === undefined ? {} : { year }),
  })),
  { decoder: 'web-access', samples: 'weblog', counts: 'requests', measure: requestAccuracy },
  { decoder: 'windows-firewall', samples: 'windows_firewall', counts: 'packets', measure: packetAccuracy },
]
