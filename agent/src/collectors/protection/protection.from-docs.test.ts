import { expect, test } from 'vitest'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { newSystemHost } from '../system.fixture.ts'
import { protection } from './index.ts'
import { parseUnits } from './services.ts'

type Files = Parameters<typeof newSystemHost>[0]

function passesOn(files: Files, answers: Record<string, string> = {}) {
  const host = newSystemHost(files)
  host.has = (command) => command in answers
  host.ask = async (command, [first = '']) => {
    const answer = answers[`${command} ${first}`] ?? answers[command]
    return answer === undefined ? { why: `${command} is not installed` } : Buffer.from(answer)
  }
  return newPasses(protection, host)
}

async function rowsFrom(files: Files, answers: Record<string, string> = {}) {
  return rowsOf(await passesOn(files, answers)()).map(({ row }) => row)
}

/** Ids as dm_uuid of cryptsetup and LVM write them (cryptsetup, lib/libdevmapper.c; lvm2, lib/activate/dev_manager.c). */
const luks = 'CRYPT-LUKS2-0f1e2d3c4b5a69788796a5b4c3d2e1f0-root_crypt'
const volumes: Files = {
  '/proc/self/mountinfo': '27 1 254:1 / / rw - ext4 /dev/mapper/vg-root rw\n28 1 8:1 / /boot rw - ext4 /dev/sda1 rw\n',
  '/sys/dev/block/254:1': { link: '../../devices/virtual/block/dm-1' },
  '/sys/dev/block/8:1': { link: '../../devices/pci/block/sda/sda1' },
  '/sys/class/block/dm-1/dm/uuid': 'LVM-abc\n',
  '/sys/class/block/dm-1/slaves/dm-0': '',
  '/sys/class/block/dm-0/dm/uuid': `${luks}\n`,
  '/sys/class/block/dm-0/slaves/sda2': '',
  '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n/dev/dm-0 partition 1 0 -2\n',
  '/etc/crypttab': '# name device key options\nroot_crypt UUID=1 /etc/keys/root.key luks,discard\n',
}

test('a volume is told with every layer it lies on, and what crypttab opens without its key', async () => {
  expect((await rowsFrom(volumes)).slice(0, 4)).toEqual([
    {
      ...{ kind: 'volume', path: '/', type: 'ext4' },
      layers: [{ device: 'dm-1', uuid: 'LVM-abc' }, { device: 'dm-0', uuid: luks }, { device: 'sda2' }],
    },
    { kind: 'volume', path: '/boot', type: 'ext4', layers: [{ device: 'sda1' }] },
    {
      kind: 'swap',
      path: '/dev/dm-0',
      type: 'partition',
      layers: [{ device: 'dm-0', uuid: luks }, { device: 'sda2' }],
    },
    { kind: 'crypttab', target: 'root_crypt', device: 'UUID=1', key: '/etc/keys/root.key', options: 'luks,discard' },
  ])
})

test('layers that lead back to themselves end', async () => {
  const rows = await rowsFrom({ ...volumes, '/sys/class/block/sda2/slaves/dm-1': '' })

  expect(rows[0]?.layers).toHaveLength(3)
})

/** Form of systemctl(1), `show` with several units. */
const units = [
  'Id=falcon-sensor.service\nLoadState=loaded\nActiveState=active\nSubState=running\nActiveEnterTimestamp=Fri 2026-11-27 08:00:00 UTC\n',
  'Id=mdatp.service\nLoadState=not-found\nActiveState=inactive\n',
].join('\n')

test('a guard is told in the state of its unit, and one that does not exist is not', async () => {
  const rows = (await rowsFrom({}, { systemctl: units })).filter(({ kind }) => kind === 'guard-service')

  expect(rows).toEqual([
    {
      ...{ kind: 'guard-service', unit: 'falcon-sensor.service', LoadState: 'loaded', ActiveState: 'active' },
      ...{ SubState: 'running', ActiveEnterTimestamp: 'Fri 2026-11-27 08:00:00 UTC' },
    },
  ])
  expect(parseUnits('\n\nno pair\n\n')).toEqual([])
  expect(await rowsFrom({})).toContainEqual(expect.objectContaining({ kind: 'not-looked', command: 'systemctl' }))
})

test('a unit that fails is a change, and a clock that drifts is none', async () => {
  const tracking = (offset: string) =>
    `C0000201,192.0.2.1,2,1795700061.1,${offset},0.1,0.1,1.0,0.0,0.1,0.01,0.001,64.0,Normal\n`
  const answers: Record<string, string> = { systemctl: units, chronyc: tracking('0.000001') }
  const pass = passesOn({}, answers)
  await pass()
  answers.chronyc = tracking('0.000002')
  expect(rowsOf(await pass())).toEqual([])

  answers.systemctl = units.replace('ActiveState=active', 'ActiveState=failed')
  answers.chronyc = tracking('0.000002').replace('192.0.2.1', '203.0.113.9')
  expect(rowsOf(await pass()).map(({ holds, row }) => [holds, row.kind])).toEqual([
    ['appeared', 'guard-service'],
    ['appeared', 'backup-unit'],
    ['appeared', 'time-source'],
  ])
})

/** Form of docs.clamav.net, manual/Signatures/DatabaseInfo. */
const header = `ClamAV-VDB:07 Nov 2026 08-21 -0500:27450:2063000:90:${'0'.repeat(32)}:sig:raynman:1794057660`

test('no name is asked for of whom the clock follows', async () => {
  const host = newSystemHost({})
  const asked: string[] = []
  host.has = () => true
  host.ask = async (command, args) => {
    asked.push([command, ...args].join(' '))
    return { why: 'no answer' }
  }
  await newPasses(protection, host)()

  expect(asked).toContain('chronyc -n -c tracking')
})

test('definitions of ClamAV are told by the head of their files', async () => {
  const rows = await rowsFrom({
    '/var/lib/clamav/daily.cvd': header.padEnd(512, ' ') + 'x'.repeat(9_000),
    '/var/lib/clamav/main.cld': 'anything else',
    '/var/lib/clamav/mirrors.dat': 'no database',
  })

  expect(rows.filter(({ kind }) => kind === 'definitions')).toMatchObject([
    { path: '/var/lib/clamav/daily.cvd', header, mtime: '2026-11-01T08:00:00.123456789Z' },
    { path: '/var/lib/clamav/main.cld', why: 'it does not begin as a database of ClamAV' },
  ])
})

test('modes of SELinux and AppArmor, and the last traces of backups', async () => {
  const rows = await rowsFrom({
    '/sys/fs/selinux/enforce': '0',
    '/etc/selinux/config': '# x\nSELINUX=enforcing\nSELINUXTYPE=targeted\n',
    '/sys/kernel/security/apparmor/profiles': '/usr/sbin/cupsd (enforce)\nman (enforce)\nx (complain)\n',
    '/var/log/rsnapshot.log': 'x',
  })

  expect(rows).toContainEqual({ kind: 'access-control', name: 'selinux', enforce: '0', configured: 'enforcing' })
  expect(rows).toContainEqual({ kind: 'access-control', name: 'apparmor', profiles: { enforce: 2, complain: 1 } })
  expect(rows).toContainEqual({
    ...{ kind: 'backup-trace', program: 'rsnapshot', path: '/var/log/rsnapshot.log' },
    newest: '2026-11-01T08:00:00.123456789Z',
  })
})
