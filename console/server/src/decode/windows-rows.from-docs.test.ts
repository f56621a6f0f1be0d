import type { ChunkHead } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { decoders } from './index.ts'
import { eventsOf } from './recorded.fixture.ts'
import { windowsRows } from './windows-rows.from-docs.fixture.ts'

type Holds = NonNullable<ChunkHead['pass']>['holds']

test('a process of Windows is told with its program, account, session and start', () => {
  const [shell, system] = windowsRows.process

  expect(read('process', shell)).toMatchObject({
    event: { dataset: 'process', category: ['process'], type: ['info'], action: 'process-seen' },
    message: '700 powershell.exe -NoProfile',
    process: {
      ...{ pid: 700, entity_id: '700.2026-11-24T09:00:00.1234567Z', parent: { pid: 500 }, name: 'powershell.exe' },
      ...{ executable: shell.ExecutablePath, command_line: shell.CommandLine, start: shell.CreationDate },
      hash: { sha256: shell.sha256 },
    },
    user: { name: 'ana', domain: 'BROKER' },
    tidewaiter: { session: 1 },
  })
  expect(read('process', system)).toMatchObject({
    process: { pid: 4, name: 'System' },
    tidewaiter: { not_hashed: 'not on a drive of this machine' },
  })
  expect(read('process', shell, 'appeared', '2026-11-24T09:00:05.000Z')?.event.type).toEqual(['start'])
  expect(read('process', shell, 'appeared', '2026-11-24T10:00:00.000Z')?.event.type).toEqual(['change'])
})

test('sockets of Windows are connections, listeners and bound addresses, with their process', () => {
  const [connection, listener, bound] = windowsRows.socket.map((row) => read('socket', row))

  expect(connection).toMatchObject({
    event: { action: 'connection-seen' },
    network: { transport: 'tcp', type: 'ipv4', direction: 'egress' },
    source: { ip: '192.0.2.7', port: 50_000 },
    destination: { ip: '198.51.100.9', port: 443 },
    process: { pid: 700 },
    tidewaiter: { state: 'established', own_end: 'source' },
  })
  expect(listener).toMatchObject({ event: { action: 'listening' }, destination: { ip: 'fe80::1', port: 445 } })
  expect(bound).toMatchObject({ event: { action: 'bound' }, network: { transport: 'udp' }, process: { pid: 800 } })
})

test('a connection that only changed is not told as one that began', () => {
  const [connection] = windowsRows.socket

  expect(read('socket', connection, 'appeared', '2026-11-24T09:00:05.000Z')?.event.action).toBe('connection-started')
  expect(read('socket', connection, 'appeared', '2026-11-24T11:00:00.000Z')?.event.action).toBe('connection-seen')
  expect(read('socket', { ...connection, State: 'TimeWait', OwningProcess: 0 })).not.toHaveProperty('process')
})

test('accounts and groups of Windows stand by their identifiers', () => {
  const [user, group] = windowsRows.account

  expect(read('account', user)).toMatchObject({
    event: { category: ['iam'], type: ['user', 'info'], action: 'local-user-seen' },
    message: 'Administrator, disabled',
    user: { name: 'Administrator', id: 'S-1-5-21-1-2-3-500', full_name: 'Ana Abara' },
    tidewaiter: { enabled: false, password_changed: user.PasswordLastSet, last_sign_in: user.LastLogon },
  })
  expect(read('account', group)).toMatchObject({
    group: { name: 'Administrators', id: 'S-1-5-32-544' },
    tidewaiter: { members: ['PC7\\ana S-1-5-21-1-2-3-1001'] },
  })
  expect(read('account', { kind: 'local-user', SID: user.SID }, 'ended')).toMatchObject({
    event: { action: 'local-user-removed' },
    user: { id: user.SID },
  })
})

test('programs, hotfixes and updates that wait are packages', () => {
  expect(windowsRows.software.map((row) => read('software', row)?.package)).toEqual([
    { name: '7-Zip 24.08 (x64)', version: '24.08', type: 'windows' },
    {
      ...{ name: 'KB5031356', type: 'hotfix', description: 'Security Update' },
      installed: '2026-11-24T09:00:00.1234567Z',
    },
    { name: '2026-11 Cumulative Update', type: 'windows-update' },
  ])
})

test('what Windows starts by itself is told with its command and account', () => {
  expect(windowsRows.autorun.map((row) => read('autorun', row)?.message)).toEqual([
    'Spooler: C:\\Windows\\System32\\spoolsv.exe',
    '\\Updater: C:\\Temp\\u.exe /q',
    'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run Odd: C:\\Users\\Public\\odd.exe',
    'Odd: cmd.exe /c C:\\Temp\\o.bat',
    'Get-ScheduledTask: Access is denied.',
  ])
  expect(read('autorun', windowsRows.autorun[0])).toMatchObject({
    service: { name: 'Spooler' },
    user: { name: 'LocalSystem' },
    process: { command_line: 'C:\\Windows\\System32\\spoolsv.exe' },
  })
})

test('a driver of Windows stands with its file', () => {
  expect(read('kernel', windowsRows.kernel[0])).toMatchObject({
    event: { category: ['driver'], type: ['info'] },
    file: { name: 'ACPI.sys', path: 'C:\\Windows\\System32\\drivers\\ACPI.sys' },
    tidewaiter: { module: { name: 'ACPI', start: 'Boot', state: 'Running' } },
  })
})

test('the network of Windows is told by its properties, with the addresses that stand in them', () => {
  const [servers, profile, , session, cached] = windowsRows['network-setting'].map((row) =>
    read('network-setting', row),
  )

  expect(servers).toMatchObject({ related: { ip: ['192.0.2.53'] }, event: { action: 'dns-server-seen' } })
  expect(profile?.message).toBe('Public: Enabled True, DefaultInboundAction Block')
  expect(session).toMatchObject({ source: { ip: '198.51.100.9' }, user: { name: 'ana', domain: 'BROKER' } })
  expect(cached).toMatchObject({ dns: { question: { name: 'ace.example' }, resolved_ip: ['203.0.113.9'] } })
})

test('what protects Windows is told by its properties', () => {
  const [defender, volume, policy, certificate] = windowsRows.protection.map((row) => read('protection', row))

  expect(defender?.message).toContain('RealTimeProtectionEnabled false')
  expect(volume).toMatchObject({ tidewaiter: { properties: { Name: 'C:', ProtectionStatus: 'On' } } })
  expect(policy?.message).toContain('InclusionSetting Success and Failure')
  expect(certificate).toMatchObject({
    tidewaiter: { properties: { Store: 'Root', SerialNumber: '01', NotAfter: '2026-11-24T09:00:00.1234567Z' } },
  })
})

test('values of other kinds, times that are none and states that nobody knows are not taken over', () => {
  const [shell] = windowsRows.process

  expect(read('process', { ...shell, CreationDate: '2026-99-24T09:00:00.1234567Z', Name: 7 })?.process).toEqual({
    ...{ pid: 700, parent: { pid: 500 }, executable: shell.ExecutablePath, command_line: shell.CommandLine },
    hash: { sha256: shell.sha256 },
  })
  for (const change of [{ State: 'constructor' }, { LocalAddress: 'x' }, { LocalPort: 65_536 }, { Protocol: 'x' }])
    expect(read('socket', { ...windowsRows.socket[0], ...change })).toHaveProperty('error.message')
  expect(read('account', { kind: 'local-user', SID: 'S-1-x' })).toHaveProperty('error.message')
})

test('rows of a file are known by what they hold', () => {
  for (const [id, rows] of Object.entries(windowsRows)) {
    const sample = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    expect(decoders.find((decoder) => decoder.detects(sample))?.id).toBe(id)
  }
})

function read(id: string, row: object | undefined, holds: Holds = 'all', readAt?: string) {
  const decoder = decoders.find((each) => each.id === id) ?? expect.fail(id)
  const head = { method: 'powershell', pass: { number: 2, rows: 9, holds } }
  return eventsOf(decoder, [JSON.stringify(row)], { head, context: readAt === undefined ? {} : { readAt } })[0]
}
