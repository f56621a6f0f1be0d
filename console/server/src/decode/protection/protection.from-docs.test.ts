import { expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { protection } from './index.ts'

const read = (row: object) => eventsOf(protection, [JSON.stringify(row)])[0]
const luks = 'CRYPT-LUKS2-0f1e2d3c4b5a69788796a5b4c3d2e1f0-root_crypt'

test('a volume says whether one of its layers encrypts, and no more than that', () => {
  const layers = [{ device: 'dm-1', uuid: 'LVM-abc' }, { device: 'dm-0', uuid: luks }, { device: 'sda2' }]

  expect(read({ kind: 'volume', path: '/', type: 'ext4', layers })).toMatchObject({
    message: '/: encrypted, on dm-1 > dm-0 > sda2',
    event: { action: 'volume-seen', category: ['configuration'] },
    file: { path: '/' },
    tidewaiter: { encrypted: true, encryption: 'LUKS2', devices: ['dm-1', 'dm-0', 'sda2'], type: 'ext4' },
  })
  for (const uuid of ['LVM-abc', 'CRYPT-VERITY-1-usr'])
    expect(read({ kind: 'swap', path: '/dev/dm-1', layers: [{ device: 'dm-1', uuid }] })).toMatchObject({
      message: 'swap on /dev/dm-1: no layer of it encrypts, on dm-1',
      tidewaiter: { encrypted: false },
    })
})

test('a unit is told in its state, and a backup with its last result', () => {
  expect(
    read({ kind: 'guard-service', unit: 'mdatp.service', ActiveState: 'failed', Result: 'exit-code' }),
  ).toMatchObject({ message: 'mdatp.service: failed', service: { name: 'mdatp.service', state: 'failed' } })
  expect(
    read({
      ...{ kind: 'backup-unit', unit: 'restic.service', ActiveState: 'inactive', Result: 'success' },
      ExecMainExitTimestamp: 'Fri 2026-11-27 02:00:00 UTC',
    }),
  ).toMatchObject({
    message: 'restic.service: inactive, last result success',
    tidewaiter: { last_end: 'Fri 2026-11-27 02:00:00 UTC', result: 'success' },
  })
})

test('definitions say when they were built, and a head that says no time gives none', () => {
  const head = `ClamAV-VDB:07 Nov 2026 08-21 -0500:27450:2063000:90:${'0'.repeat(32)}:sig:raynman:1794057660`
  const row = { kind: 'definitions', path: '/var/lib/clamav/daily.cvd' }

  expect(read({ ...row, header: head })).toMatchObject({
    message: '/var/lib/clamav/daily.cvd: definitions 27450 of 07 Nov 2026 08-21 -0500',
    tidewaiter: { definitions_version: '27450', definitions_built: '2026-11-07T13:21:00Z', signatures: 2063000 },
  })
  expect(read({ ...row, header: head.replace('1794057660', 'soon') })?.tidewaiter).not.toHaveProperty(
    'definitions_built',
  )
})

test('mdatp says its health, and what is no JSON stays text', () => {
  const text = JSON.stringify({ healthy: false, realTimeProtectionEnabled: { value: true }, definitionsStatus: 'old' })

  expect(read({ kind: 'scanner', command: 'mdatp', text })).toMatchObject({
    message: 'mdatp: healthy false',
    tidewaiter: { scanner: 'mdatp', health: { healthy: false, definitionsStatus: 'old' } },
  })
  expect(read({ kind: 'scanner', command: 'clamdscan', text: 'ClamAV 1.0.7/27450' })).toMatchObject({
    message: 'clamdscan: ClamAV 1.0.7/27450',
  })
})

test('a clock says what it follows, and how far the host is ahead of it', () => {
  const clockOf = (command: string, text: string) => read({ kind: 'time-source', command, text })?.tidewaiter.clock

  expect(
    clockOf(
      'chronyc -n -c tracking',
      'C0000201,192.0.2.1,2,1795700061.1,0.25,0.1,0.1,1.0,0.0,0.1,0.01,0.001,64.0,Normal',
    ),
  ).toEqual({ source: '192.0.2.1', stratum: 2, offset_s: -0.25, synchronised: true })
  expect(clockOf('timedatectl show', 'Timezone=UTC\nNTP=yes\nNTPSynchronized=no')).toEqual({ synchronised: false })
  expect(clockOf('timedatectl show-timesync', 'ServerName=ntp.example\nServerAddress=192.0.2.1')).toEqual({
    source: 'ntp.example',
  })
  expect(clockOf('ntpq -c rv', 'leap=00, stratum=2, refid=192.0.2.1, offset=-1.5')).toEqual({
    ...{ source: '192.0.2.1', stratum: 2, offset_s: 0.0015, synchronised: true },
  })
  expect(clockOf('chronyc -n -c tracking', '506 Cannot talk to daemon')).toBeUndefined()
})

test('modes of access control, backups, and rows that name nothing', () => {
  const messages = [
    { kind: 'access-control', name: 'selinux', enforce: '0', configured: 'enforcing' },
    { kind: 'access-control', name: 'apparmor', profiles: { enforce: 2, complain: 1 } },
    { kind: 'backup-program', program: 'restic' },
    { kind: 'backup-trace', program: 'borg', path: '/root/.cache/borg', newest: '2026-11-01T08:00:00.123456789Z' },
    { kind: 'crypttab', target: 'root_crypt', device: 'UUID=1', key: 'none' },
  ].map((row) => read(row)?.message)

  expect(messages).toEqual([
    'selinux: permissive',
    'apparmor: 2 enforce, 1 complain',
    'restic is installed',
    '/root/.cache/borg: last trace of borg 2026-11-01T08:00:00Z',
    '/etc/crypttab opens UUID=1 as root_crypt',
  ])
  for (const kind of ['volume', 'swap', 'crypttab', 'guard-service', 'definitions', 'scanner', 'time-source'])
    expect(read({ kind })).toMatchObject({ event: { kind: 'pipeline_error' } })
})
