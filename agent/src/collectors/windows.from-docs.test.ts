import { expect, test } from 'vitest'
import { newFakeHost } from '../host.fixture.ts'
import { accounts } from './account/index.ts'
import { autoruns } from './autorun/index.ts'
import { kernel } from './kernel/index.ts'
import { networkSettings } from './network-setting/index.ts'
import { newPasses, rowsOf } from './proc.fixture.ts'
import { processes } from './process/index.ts'
import { protection } from './protection/index.ts'
import { sockets } from './socket/index.ts'
import { software } from './software/index.ts'

/** A Windows machine whose PowerShell gives these rows: properties as the pages named in `host-windows/scripts.ts` have them. */
function newWindows(rows: readonly object[] | string) {
  const host = newFakeHost()
  const answer = typeof rows === 'string' ? { why: rows } : rows.map((row) => JSON.stringify(row))
  return {
    ...host,
    platform: 'win32' as const,
    askScript: async () => answer,
    hashFile: async (path: string) => ({ sha256: `hash of ${path}` }),
  }
}

const lsass = {
  ...{ ProcessId: 700, ParentProcessId: 500, Name: 'lsass.exe', ExecutablePath: 'C:\\Windows\\System32\\lsass.exe' },
  ...{
    CommandLine: null,
    CreationDate: '2026-11-24T09:00:00.1234567Z',
    SessionId: 0,
    UserName: 'NT AUTHORITY\\SYSTEM',
  },
}

test('a process is told as Win32_Process gives it, with the digest of its program', async () => {
  const [row] = rowsOf(await newPasses(processes, newWindows([lsass]))())
  const { CommandLine: _, ...said } = lsass

  expect(row).toEqual({
    method: 'Win32_Process',
    holds: 'all',
    row: { ...said, sha256: 'hash of C:\\Windows\\System32\\lsass.exe' },
  })
})

test('a program on another machine is not fetched, and a number that is used again is another process', async () => {
  const rows: object[] = [{ ...lsass, ExecutablePath: '\\\\192.0.2.7\\share\\x.exe' }]
  const pass = newPasses(processes, newWindowsOf(rows))
  expect(rowsOf(await pass())[0]?.row).toMatchObject({ sha256Why: 'not on a drive of this machine' })
  rows[0] = { ...lsass, CreationDate: '2026-11-24T10:00:00.0000000Z' }

  expect(rowsOf(await pass()).map(({ holds }) => holds)).toEqual(['ended', 'appeared'])
})

test('sockets of TCP and UDP are told apart, and a state that changes is a change of the row', async () => {
  const tcp = {
    ...{ Protocol: 'tcp', LocalAddress: '192.0.2.7', LocalPort: 50_000, RemoteAddress: '198.51.100.9' },
    ...{ RemotePort: 443, State: 'SynSent', OwningProcess: 700, CreationTime: '2026-11-24T09:59:59.0000000Z' },
  }
  const udp = { Protocol: 'udp', LocalAddress: '::', LocalPort: 5353, OwningProcess: 800 }
  const rows: object[] = [tcp, udp]
  const pass = newPasses(sockets, newWindowsOf(rows))

  expect(rowsOf(await pass()).map(({ method, row }) => [method, row])).toEqual([
    ['Get-NetTCPConnection', tcp],
    ['Get-NetUDPEndpoint', udp],
  ])
  rows[0] = { ...tcp, State: 'Established' }
  expect(rowsOf(await pass())).toMatchObject([{ holds: 'appeared', row: { State: 'Established' } }])
})

test.for([
  [accounts, { kind: 'local-user', SID: 'S-1-5-21-1-2-3-500', Name: 'Administrator', Enabled: false }, 'LastLogon'],
  [autoruns, { kind: 'service', Name: 'Spooler', PathName: 'C:\\Windows\\System32\\spoolsv.exe' }, 'State'],
  [networkSettings, { kind: 'smb-session', SessionId: '7', ClientUserName: 'BROKER\\ana' }, 'NumOpens'],
] as const)('of $0.id a row stays the same while only what passes changes', async ([collector, row, passing]) => {
  const rows: object[] = [{ ...row, [passing]: 'a' }]
  const pass = newPasses(collector, newWindowsOf(rows))
  expect(rowsOf(await pass()).map((each) => each.row)).toEqual([{ ...row, [passing]: 'a' }])

  rows[0] = { ...row, [passing]: 'b' }
  expect(rowsOf(await pass())).toEqual([])
  rows[0] = { ...row, Description: 'changed' }
  expect(rowsOf(await pass())).toMatchObject([{ holds: 'appeared' }])
})

test('a command that could not be asked says so, beside what the others gave', async () => {
  const why = { kind: 'not-looked', command: 'Get-HotFix', why: 'Access is denied.' }
  const program = { kind: 'program', Key: '7-Zip', DisplayName: '7-Zip 24.08 (x64)', DisplayVersion: '24.08' }

  expect(rowsOf(await newPasses(software, newWindows([why, program]))()).map(({ row }) => row)).toEqual([why, program])
})

test('a protection that is switched off is a change, and one that is gone has ended', async () => {
  const defender = { kind: 'antivirus', Name: 'Microsoft Defender', RealTimeProtectionEnabled: true }
  const shadow = { kind: 'shadow-copy', Name: '{1}', VolumeName: 'C:' }
  const rows: object[] = [defender, shadow]
  const pass = newPasses(protection, newWindowsOf(rows))
  await pass()
  rows.splice(0, 2, { ...defender, RealTimeProtectionEnabled: false })

  expect(rowsOf(await pass())).toMatchObject([
    { holds: 'ended', row: { kind: 'shadow-copy', Name: '{1}' } },
    { holds: 'appeared', row: { RealTimeProtectionEnabled: false } },
  ])
})

test('without an answer the pass fails', async () => {
  await expect(newPasses(kernel, newWindows('PowerShell ended with 1'))()).rejects.toMatchObject({
    code: 'command-failed',
  })
})

/** The same, of rows that change. */
function newWindowsOf(rows: readonly object[]) {
  return { ...newWindows([]), askScript: async () => rows.map((row) => JSON.stringify(row)) }
}
