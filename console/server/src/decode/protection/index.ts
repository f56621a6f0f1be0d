import type { Decoder } from '../decoder.ts'
import { defined, type Row, rowIn, textIn } from '../row.ts'
import { fileOf, type Said, systemDecoder, timeIn } from '../system-row.ts'
import { propertiesKind } from '../windows-property.ts'
import { macosProtection } from './macos.ts'
import { sayDefinitions, sayScanner } from './scanner.ts'
import { sayTimeSource } from './time-source.ts'
import { saySwap, sayVolume } from './volume.ts'

const windowsClock = propertiesKind(['Name'])

/** Rows of the agent's snapshots of what guards a host. */
export const protection: Decoder = systemDecoder({
  id: 'protection',
  title: 'Encryption, guards, clock and backups of a host',
  kinds: {
    ...macosProtection,
    volume: { category: 'configuration', say: sayVolume },
    swap: { category: 'configuration', say: saySwap },
    crypttab: { category: 'configuration', say: sayCrypttab },
    'guard-service': { category: 'configuration', say: sayUnit },
    'backup-unit': { category: 'configuration', say: sayUnit },
    definitions: { category: 'file', say: sayDefinitions },
    scanner: { category: 'configuration', say: sayScanner },
    'time-source': { category: 'configuration', say: (row) => sayTimeSource(row) ?? windowsClock.say(row) },
    'access-control': { category: 'configuration', say: sayAccessControl },
    'backup-program': { category: 'configuration', say: sayProgram },
    'backup-trace': { category: 'file', say: sayTrace },
    // Windows.
    antivirus: propertiesKind(['Name']),
    'volume-encryption': propertiesKind(['Name']),
    'audit-policy': propertiesKind(['Name', 'SubcategoryGuid', 'PolicyTarget']),
    // ECS keeps fields of a certificate for those of a file or a connection.
    certificate: propertiesKind(['Store', 'Thumbprint']),
    'shadow-copy': propertiesKind(['Name']),
    backup: propertiesKind(['Name']),
  },
})

function sayCrypttab(row: Row): Said | undefined {
  const [target, device] = [textIn(row, 'target'), textIn(row, 'device')]
  if (target === undefined) return undefined
  return {
    message: `/etc/crypttab opens ${device ?? 'a device'} as ${target}`,
    more: { ...defined({ target, device, key_from: textIn(row, 'key'), options: textIn(row, 'options') }) },
  }
}

function sayUnit(row: Row): Said | undefined {
  const unit = textIn(row, 'unit')
  if (unit === undefined) return undefined
  const state = textIn(row, 'ActiveState')
  const sub = textIn(row, 'SubState')
  const isRun = textIn(row, 'kind') === 'backup-unit' && textIn(row, 'Result') !== undefined
  return {
    message: [`${unit}: ${state ?? 'state not told'}`, ...(isRun ? [`last result ${textIn(row, 'Result')}`] : [])].join(
      ', ',
    ),
    fields: { service: defined({ name: unit, state }) },
    more:
      defined({
        ...{ state, sub_state: sub, unit_file: textIn(row, 'UnitFileState'), result: textIn(row, 'Result') },
        // In words and in the zone of the host, as systemd writes them.
        ...{ active_since: textIn(row, 'ActiveEnterTimestamp'), last_trigger: textIn(row, 'LastTriggerUSec') },
        ...{ last_start: textIn(row, 'ExecMainStartTimestamp'), last_end: textIn(row, 'ExecMainExitTimestamp') },
        exit_status: textIn(row, 'ExecMainStatus'),
      }) ?? {},
  }
}

const selinuxModes: Readonly<Record<string, string>> = { '1': 'enforcing', '0': 'permissive' }

function sayAccessControl(row: Row): Said | undefined {
  const name = textIn(row, 'name')
  if (name === undefined) return undefined
  const mode = name === 'selinux' ? selinuxModes[textIn(row, 'enforce') ?? ''] : undefined
  const profiles = defined(rowIn(row, 'profiles'))
  const counts = Object.entries(profiles ?? {}).map(([each, count]) => `${count} ${each}`)
  const configured = textIn(row, 'configured')
  const says = mode ?? (counts.length > 0 ? counts.join(', ') : undefined) ?? (configured && `configured ${configured}`)
  return {
    message: `${name}: ${says ?? 'not in force'}`,
    more: defined({ access_control: name, mode, configured, profiles }) ?? {},
  }
}

function sayProgram(row: Row): Said | undefined {
  const program = textIn(row, 'program')
  return program === undefined ? undefined : { message: `${program} is installed`, more: { program } }
}

function sayTrace(row: Row): Said | undefined {
  const [path, program, newest] = [textIn(row, 'path'), textIn(row, 'program'), timeIn(row, 'newest')]
  if (path === undefined) return undefined
  return {
    message: `${path}: last trace of ${program ?? 'a backup'}${newest === undefined ? '' : ` ${newest.slice(0, 19)}Z`}`,
    fields: { file: fileOf({ path }) },
    more: defined({ program, last_trace: newest }) ?? {},
  }
}
