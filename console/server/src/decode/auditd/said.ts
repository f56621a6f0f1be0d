/** What a line that stands alone, or begins its event, says has happened. */
export interface Said {
  action: string
  category: readonly string[]
  type: readonly string[]
}

type Row = readonly [types: string, action: string, category: string, type: string]

/** Types of linux/audit.h and libaudit.h; the words of the other decoders where they say the same. */
const rows: readonly Row[] = [
  ['USER_LOGIN', 'sign-in', 'authentication', 'start'],
  ['USER_LOGOUT', 'sign-out', 'authentication', 'end'],
  ['USER_AUTH', 'authenticated', 'authentication', 'info'],
  ['USER_ACCT', 'account-checked', 'authentication', 'info'],
  ['USER_ERR', 'account-error', 'authentication', 'info'],
  ['LOGIN', 'login-uid-set', 'authentication', 'info'],
  ['CRED_ACQ', 'credentials-acquired', 'authentication', 'info'],
  ['CRED_REFR', 'credentials-refreshed', 'authentication', 'info'],
  ['CRED_DISP', 'credentials-disposed', 'authentication', 'info'],
  ['ANOM_LOGIN_FAILURES', 'attempts-exceeded', 'authentication', 'info'],
  ['USER_START', 'session-opened', 'session', 'start'],
  ['USER_END', 'session-closed', 'session', 'end'],
  ['ADD_USER', 'user-added', 'iam', 'user creation'],
  ['DEL_USER', 'user-removed', 'iam', 'user deletion'],
  ['USER_MGMT', 'user-changed', 'iam', 'user change'],
  ['USER_CHAUTHTOK', 'password-changed', 'iam', 'user change'],
  ['ACCT_LOCK', 'user-locked', 'iam', 'user change'],
  ['ACCT_UNLOCK', 'user-unlocked', 'iam', 'user change'],
  ['USER_ROLE_CHANGE ROLE_ASSIGN ROLE_REMOVE', 'role-changed', 'iam', 'user change'],
  ['ADD_GROUP', 'group-added', 'iam', 'group creation'],
  ['DEL_GROUP', 'group-removed', 'iam', 'group deletion'],
  ['GRP_MGMT GRP_CHAUTHTOK', 'group-changed', 'iam', 'group change'],
  ['USER_CMD', 'run-as', 'process', 'start'],
  ['SERVICE_START', 'service-started', 'process', 'start'],
  ['SERVICE_STOP', 'service-stopped', 'process', 'end'],
  ['ANOM_ABEND', 'crashed', 'process', 'end'],
  ['SECCOMP', 'call-refused', 'process', 'info'],
  // Keys that were typed stay in the record: no field repeats them.
  ['TTY USER_TTY', 'terminal-input', 'process', 'info'],
  ['SYSTEM_BOOT', 'boot', 'host', 'start'],
  ['SYSTEM_SHUTDOWN', 'shutdown', 'host', 'end'],
  ['SYSTEM_RUNLEVEL', 'run-level-changed', 'host', 'change'],
  ['DAEMON_START', 'audit-started', 'host', 'start'],
  ['DAEMON_END DAEMON_ABORT', 'audit-stopped', 'host', 'end'],
  ['DAEMON_CONFIG DAEMON_RECONFIG CONFIG_CHANGE FEATURE_CHANGE', 'audit-configured', 'configuration', 'change'],
  ['USYS_CONFIG NETFILTER_CFG MAC_STATUS MAC_CONFIG_CHANGE MAC_POLICY_LOAD', 'configured', 'configuration', 'change'],
  ['AVC USER_AVC SELINUX_ERR', 'access-denied', 'host', 'info'],
  ['ANOM_PROMISCUOUS', 'promiscuous-mode-changed', 'network', 'info'],
]

const byType = new Map(
  rows.flatMap(([types, action, category, type]) =>
    types.split(' ').map((name): [string, Said] => [name, { action, category: [category], type: type.split(' ') }]),
  ),
)

export function saidBy(type: string): Said {
  const known = byType.get(type)
  return known ?? { action: type.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'), category: ['host'], type: ['info'] }
}
