import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'

/** Units of programs that guard a host, as their makers name them. */
const guards = [
  ...['clamav-daemon', 'clamav-freshclam', 'clamd@scan', 'clamonacc', 'falcon-sensor', 'mdatp', 'sentinelone'],
  ...['sophos-spl', 'sav-protect', 'wazuh-agent', 'ossec', 'cbagentd', 'cbdaemon', 'ds_agent', 'esets', 'eea'],
  ...['xagt', 'ElasticEndpoint', 'elastic-agent', 'osqueryd', 'velociraptor_client', 'cylancesvc', 'traps_pmd'],
  ...['bdsec', 'ir_agent', 'qualys-cloud-agent', 'nessusagent', 'TaniumClient', 'cybereason-sensor', 'mfetpd'],
  ...['auditd', 'fail2ban', 'crowdsec', 'aide', 'dailyaidecheck', 'tripwire', 'rkhunter', 'samhain', 'suricata'],
  ...['firewalld', 'ufw', 'nftables', 'apparmor', 'sshguard', 'unattended-upgrades', 'dnf-automatic'],
].map((name) => `${name}.service`)
/** Units of backups: those of the makers, and those that administrators name after the program. */
const backups = [
  ...['restic', 'borg', 'bacula', 'bareos', 'veeam', 'rsnapshot', 'duplicity', 'duplicati', 'backup', 'snapper'],
  ...['urbackup', 'kopia', 'amanda', 'rdiff-backup', 'timeshift', 'sanoid', 'zrepl', 'pgbackrest', 'barman'],
].flatMap((name) => [`${name}*.service`, `${name}*.timer`])

const properties = [
  ...['Id', 'Description', 'LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'Result', 'ActiveEnterTimestamp'],
  ...['ExecMainStartTimestamp', 'ExecMainExitTimestamp', 'ExecMainStatus', 'LastTriggerUSec', 'NextElapseUSecRealtime'],
]
const lastingOnes = new Set(['LoadState', 'ActiveState', 'UnitFileState', 'Result', 'ExecMainStatus'])
const limit = 1024 * 1024
const most = { units: 500, characters: 500 }

/** States of units as systemd tells them; of a unit that does not exist there is no row. */
export async function addServices(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  for (const [kind, units] of [['guard-service', guards] as const, ['backup-unit', backups] as const]) {
    const args = ['show', '--no-pager', `--property=${properties.join(',')}`, '--', ...units]
    const answer = await host.ask('systemctl', args, { limit, signal })
    if ('why' in answer) return table.add({ kind: 'not-looked', command: 'systemctl' }, answer)
    for (const unit of parseUnits(answer.toString()).slice(0, most.units)) addUnit(table, kind, unit)
  }
}

type Unit = ReadonlyMap<string, string>

function addUnit(table: LastingTable, kind: string, unit: Unit): void {
  const [id, load] = [unit.get('Id'), unit.get('LoadState')]
  if (id === undefined || load === 'not-found') return
  const rest = [...unit].filter(([name]) => name !== 'Id')
  table.add(
    { kind, unit: id },
    Object.fromEntries(rest.filter(([name]) => lastingOnes.has(name))),
    Object.fromEntries(rest.filter(([name]) => !lastingOnes.has(name))),
  )
}

/** Blocks of `Name=value`, an empty line between two units (systemctl(1), show). What is empty says nothing. */
export function parseUnits(answer: string): Unit[] {
  return answer
    .split('\n\n')
    .map((block) => {
      const pairs = block.split('\n').map((line) => /^(\w+)=(.+)$/.exec(line))
      return new Map(
        pairs.flatMap((pair): [string, string][] =>
          pair === null ? [] : [[pair[1] ?? '', (pair[2] ?? '').slice(0, most.characters)]],
        ),
      )
    })
    .filter((unit) => unit.size > 0)
}
