import { fieldAccuracy } from './auditd/accuracy.fixture.ts'
import { historyAccuracy } from './browser-history/accuracy.fixture.ts'
import { labelAccuracy } from './crowdsec.fixture.ts'
import { isExporterMissing } from './esedbexport.fixture.ts'
import { logsIn, xmlAccuracy } from './event-xml/accuracy.fixture.ts'
import { allFieldsAccuracy, recordAccuracy } from './evtx/accuracy.fixture.ts'
import { isWriterMissing } from './evtxexport.fixture.ts'
import { messageAccuracy } from './ibm-mq/accuracy.fixture.ts'
import { quarantineAccuracy } from './macos-quarantine/accuracy.fixture.ts'
import { statementAccuracy } from './mysql-slow/accuracy.fixture.ts'
import { flowAccuracy } from './pcap/accuracy.fixture.ts'
import { zeekAccuracy } from './pcap/zeek-accuracy.fixture.ts'
import { plistAccuracy } from './plist/accuracy.fixture.ts'
import { isPythonMissing } from './plistlib.fixture.ts'
import { prefetchAccuracy } from './prefetch/accuracy.fixture.ts'
import { accountAccuracy, deletedAccuracy, hiveAccuracy, ownerAccuracy } from './registry-truth.fixture.ts'
import { taskAccuracy } from './scheduled-task/accuracy.fixture.ts'
import { shortcutAccuracy } from './shortcut/accuracy.fixture.ts'
import { signInAccuracy } from './sign-in-truth.fixture.ts'
import { tableRowAccuracy } from './sqlite/accuracy.fixture.ts'
import { rowAccuracy } from './srum/accuracy.fixture.ts'
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
  ...['evtx_parser', 'evtx_attack', 'sigma_regression']
    .filter(() => !isWriterMissing)
    .map((samples) => ({
      decoder: 'event-xml',
      samples,
      counts: 'events',
      measure: () => xmlAccuracy(logsIn(samples)),
    })),
  { decoder: 'auditd', samples: 'auditd', counts: 'fields', measure: fieldAccuracy },
  { decoder: 'pcap', samples: 'pcap_ndpi', counts: 'flows', measure: flowAccuracy },
  { decoder: 'pcap', samples: 'pcap_zeek', counts: 'flows', measure: zeekAccuracy },
  ...(isPythonMissing ? [] : [{ decoder: 'plist', samples: 'macos', counts: 'values', measure: plistAccuracy }]),
  { decoder: 'prefetch', samples: 'windows_prefetch', counts: 'values', measure: prefetchAccuracy },
  { decoder: 'scheduled-task', samples: 'windows_tasks', counts: 'values', measure: taskAccuracy },
  { decoder: 'shortcut', samples: 'windows_lnk', counts: 'values', measure: shortcutAccuracy },
  { decoder: 'browser-history', samples: 'browser_history', counts: 'visits and downloads', measure: historyAccuracy },
  { decoder: 'macos-quarantine', samples: 'macos', counts: 'rows', measure: quarantineAccuracy },
  { decoder: 'sqlite', samples: 'browser_history', counts: 'rows', measure: tableRowAccuracy },
  ...(isExporterMissing ? [] : [{ decoder: 'srum', samples: 'windows_srum', counts: 'values', measure: rowAccuracy }]),
  { decoder: 'mysql-slow', samples: 'mysql_slow_log', counts: 'counts', measure: statementAccuracy },
  { decoder: 'registry', samples: 'registry_hives', counts: 'keys and values', measure: hiveAccuracy },
  { decoder: 'registry', samples: 'registry_hives', counts: 'deleted keys and values', measure: deletedAccuracy },
  { decoder: 'registry', samples: 'registry_hives', counts: 'accounts and members', measure: accountAccuracy },
  { decoder: 'registry', samples: 'registry_hives', counts: 'owners and classes', measure: ownerAccuracy },
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
