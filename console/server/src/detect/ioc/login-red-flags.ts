import type { Detector, Setting } from '../detector.ts'
import { attackOf } from './sign-in-attack.ts'
import { runsOf, type SignInTally } from './sign-in-runs.ts'
import { severityOf, titleOf, whyOf } from './sign-in-words.ts'
import { measureSignIns } from './sign-ins.ts'

const windowMs = 3_600_000

const settings = {
  failures: { value: 6, words: 'From # failures within an hour that were not put right it is taken for guessing.' },
  accounts: { value: 5, words: 'From # accounts within an hour it is taken for trying words on many.' },
  unknownAccounts: { value: 3, words: 'From # within an hour it is taken for a search for names.' },
  slowFailures: { value: 20, words: 'From # failures without a rest of six hours it is taken for slow guessing.' },
  beforeSuccess: { value: 10, words: 'From # failures in a row on it is no slip of the hand.' },
} satisfies Record<string, Setting>

export const loginRedFlags: Detector<SignInTally, typeof settings> = {
  id: 'login-red-flags',
  row: 'Other login red flags',
  title: 'Passwords or names are being guessed',
  reads: [
    ...[
      'sshd',
      'utmp',
      'utx',
      'wtmpdb',
      'pam',
      'su',
      'sudo',
      'auditd',
      'evtx',
      'event-xml',
      'screensharing',
      'openvpn',
      'guacamole',
      'proxmox',
    ],
    ...['dovecot', 'postfix', 'courier', 'roundcube', 'apache', 'nginx', 'vaultwarden'],
    ...['proftpd', 'vsftpd', 'samba-audit', 'pf', 'ibm-mq'],
    ...['mysqld', 'mysql-audit', 'mongodb', 'postgresql', 'sql-server'],
  ],
  readsCategory: 'authentication',
  windowMs,
  quietMs: 6 * windowMs,
  measure: measureSignIns,
  settings,

  judge(rows, { settings, host }) {
    const [source] = rows
    const attack = attackOf(runsOf(rows), { settings, windowMs })
    if (source === undefined || attack === undefined) return undefined
    return {
      subject: { type: source.subject_type, value: source.subject },
      severity: severityOf(attack, settings),
      title: titleOf(attack, source, host),
      firstMs: attack.firstMs,
      lastMs: Math.max(attack.lastMs, ...attack.opened.map(({ success }) => success?.ms ?? 0)),
      count: attack.failures,
      places: [
        ...attack.opened.flatMap(({ success }) => success?.place ?? []),
        ...attack.runs.flatMap(({ places }) => places),
      ],
      why: whyOf(attack, settings),
    }
  },

  falsePositives: [
    'A service, a script or a telephone that still has an old password tries it again and again',
    'Many people behind one address: a VPN, a jump host, a terminal server',
    'A vulnerability scan or a penetration test that was ordered',
    'A host that can be reached from the internet is tried all day: what matters is whether anything opened',
  ],
  nextSteps: [
    'If an account opened: disable it, end its sessions, and search what it did from then on',
    'Ask the holders of the accounts whether they tried',
    'Search the address on the other hosts, and the accounts from other addresses',
    'Block the address; if it is inside, look at the machine that has it',
  ],
  knownGap:
    'Each host is judged alone: one try on each of many hosts is not seen, nor one try from each of many addresses. ' +
    'A source that rests more than six hours between tries, or guesses right within nine, is not seen. ' +
    'Of a flood only the first 200,000 failures of an hour are counted, and none that the host does not log.',
}
