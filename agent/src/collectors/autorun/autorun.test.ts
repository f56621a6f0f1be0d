import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { newSystemHost } from '../system.fixture.ts'
import { linesOf } from './folder.ts'
import { autoruns } from './index.ts'

type Made = Parameters<typeof newSystemHost>[0]
const rowsFrom = async (files: Made) => rowsOf(await newPasses(autoruns, newSystemHost(files))()).map(({ row }) => row)
const rowsFor = async (kind: string, files: Made) => (await rowsFrom(files)).filter((row) => row.kind === kind)

const about = { mode: '0644', uid: 0, gid: 0, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }
const library = '/usr/lib/systemd/system'

test('a unit that a link enables is told with what runs, as whom, and its file', async () => {
  const link = '/etc/systemd/system/multi-user.target.wants/cron.service'
  const [unit] = await rowsFor('systemd-unit', {
    [link]: { link: `${library}/cron.service` },
    [`${library}/cron.service`]:
      '[Service]\nUser=nobody\nEnvironment=KEY=secret\nExecStart=/usr/sbin/cron \\\n  -f $X\n',
    [`${library}/idle.service`]: '[Service]\nExecStart=/bin/idle\n',
  })

  expect(unit).toMatchObject({
    ...{ kind: 'systemd-unit', scope: 'system', unit: 'cron.service', path: `${library}/cron.service` },
    ...{ enabledBy: [link], run: ['ExecStart=/usr/sbin/cron  -f $X'], runsAs: 'nobody', ...about },
  })
  expect(JSON.stringify(unit)).not.toContain('secret')
})

test('a timer enables its service, and an instance has the file of its template', async () => {
  const wants = '/etc/systemd/system/timers.target.wants'
  const units = await rowsFor('systemd-unit', {
    [`${wants}/a.timer`]: { link: `${library}/a.timer` },
    [`${wants}/b.timer`]: { link: `${library}/b.timer` },
    [`${wants}/getty@tty1.service`]: { link: `${library}/getty@.service` },
    [`${library}/a.timer`]: '[Timer]\nOnCalendar=daily\n',
    [`${library}/a.service`]: '[Service]\nExecStart=/bin/a\n',
    [`${library}/b.timer`]: '[Timer]\nOnBootSec=1\nUnit=other.service\n',
    [`${library}/other.service`]: '[Service]\nExecStart=/bin/other\n',
    [`${library}/getty@.service`]: '[Service]\nExecStart=-/sbin/agetty %I\n',
  })

  expect(units.map(({ unit, path, run, when }) => [unit, path, ...run, ...(when ?? [])])).toEqual([
    ['a.timer', `${library}/a.timer`, 'OnCalendar=daily'],
    ['b.timer', `${library}/b.timer`, 'OnBootSec=1'],
    ['getty@tty1.service', `${library}/getty@.service`, 'ExecStart=-/sbin/agetty %I'],
    ['a.service', `${library}/a.service`, 'ExecStart=/bin/a'],
    ['other.service', `${library}/other.service`, 'ExecStart=/bin/other'],
  ])
})

test('a unit of its own, one that is masked, one without a file and a drop-in are told', async () => {
  const rows = await rowsFrom({
    '/etc/systemd/system/own.service': '[Service]\nExecStart=/opt/own\n',
    '/etc/systemd/system/masked.service': { link: '/dev/null' },
    '/dev/null': { kind: 'other' },
    '/etc/systemd/system/x.target.wants/gone.service': { link: '/nowhere/gone.service' },
    '/etc/systemd/system/ssh.service.d/more.conf': '[Service]\nExecStartPost=/opt/more\n',
  })

  expect(rows.map(({ kind, unit, run, links, why }) => [kind, unit, run?.[0], links?.[0], why])).toEqual([
    ['systemd-drop-in', 'ssh.service', 'ExecStartPost=/opt/more', undefined, undefined],
    ['systemd-unit', 'masked.service', undefined, '/dev/null', undefined],
    ['systemd-unit', 'own.service', 'ExecStart=/opt/own', undefined, undefined],
    ['systemd-unit', 'gone.service', undefined, undefined, 'no file of such a unit'],
  ])
})

test('lines of crontabs stand as they are, but for values that may be secrets', async () => {
  const lines = await rowsFor('cron', {
    '/etc/crontab': '# m h\nPATH=/usr/bin\nAPI_KEY=secret\n17 * * * * root cd / && run-parts /etc/cron.hourly\n',
    '/etc/cron.d/odd': '@reboot svc /opt/a\\\n',
    '/var/spool/cron/crontabs/ana': { text: '* * * * * /tmp/x\n', mode: 0o600, uid: 1000 },
  })

  expect(lines).toMatchObject([
    { path: '/etc/crontab', text: 'PATH=/usr/bin', line: 2, ...about },
    { path: '/etc/crontab', text: 'API_KEY=', withoutValue: true },
    { path: '/etc/crontab', text: '17 * * * * root cd / && run-parts /etc/cron.hourly', line: 4 },
    { path: '/etc/cron.d/odd', text: '@reboot svc /opt/a\\' },
    { path: '/var/spool/cron/crontabs/ana', account: 'ana', text: '* * * * * /tmp/x', mode: '0600', uid: 1000 },
  ])
  expect(JSON.stringify(lines)).not.toContain('secret')
})

test('an at job tells what it will do and when, and nothing of the environment it was made in', async () => {
  const path = '/var/spool/cron/atjobs/a0000201c8f2d1'
  const text = [
    ...['#!/bin/sh', '# atrun uid=1000 gid=1000', '# mail ana 0', 'umask 22', 'TOKEN=secret; export TOKEN'],
    ...['cd /home/ana || {', "\t echo 'Execution directory inaccessible' >&2", '\t exit 1', '}', '/tmp/x --now', ''],
  ].join('\n')

  const [job] = await rowsFor('at-job', { [path]: text, '/var/spool/cron/atjobs/.SEQ': '00002' })

  expect(job).toMatchObject({ path, queue: 'a', job: 2, minutes: 0x01c8f2d1, runsAs: 1000, run: ['/tmp/x --now'] })
  expect(JSON.stringify(job)).not.toContain('secret')
})

test('init scripts say what starts them', async () => {
  expect(
    await rowsFor('init', {
      '/etc/init.d/cron': { text: '#!/bin/sh\n', mode: 0o755 },
      '/etc/init.d/off': '#!/bin/sh\n',
      '/etc/rc2.d/S01cron': { link: '../init.d/cron' },
      '/etc/rc0.d/K01cron': { link: '../init.d/cron' },
    }),
  ).toMatchObject([
    { path: '/etc/init.d/cron', mode: '0755', enabledBy: ['rc2.d/S01cron'] },
    { path: '/etc/init.d/off', enabledBy: [] },
  ])
})

test('every other place is looked at, and of each line only what runs', async () => {
  const rows = await rowsFrom({
    '/etc/cron.daily/own': '#!/bin/sh\n',
    '/etc/rc.local': '#!/bin/sh\n/opt/boot\n',
    '/etc/profile.d/a.sh': 'export X=1\n',
    '/etc/ld.so.preload': '/opt/lib.so\n',
    '/etc/modules-load.d/a.conf': '; no\nloop\n',
    '/etc/modprobe.d/a.conf': 'options x y=1\ninstall usb /opt/usb\n',
    '/etc/udev/rules.d/9.rules': 'ACTION=="add", \\\n RUN+="/opt/udev"\nRUN{builtin}+="uaccess"\nKERNEL=="a"\n',
    '/etc/pam.d/sshd': '@include common-auth\nauth required pam_exec.so /opt/pam\n',
    '/etc/apt/apt.conf.d/9': 'DPkg::Post-Invoke {"/opt/apt";};\nAPT::X "1";\n',
    '/etc/xdg/autostart/a.desktop': '[Desktop Entry]\nName=A\nExec=/opt/desktop\n',
    '/etc/update-motd.d/1': '#!/bin/sh\n',
  })

  expect(rows.filter(({ kind }) => kind !== 'file').map(({ kind, text }) => [kind, text])).toEqual([
    ['cron-script', undefined],
    ['rc-local', '/opt/boot'],
    ['profile', undefined],
    ['preload', '/opt/lib.so'],
    ['module-load', 'loop'],
    ['modprobe', 'install usb /opt/usb'],
    ['udev', 'ACTION=="add",  RUN+="/opt/udev"'],
    ['pam', '@include common-auth'],
    ['pam', 'auth required pam_exec.so /opt/pam'],
    ['apt-hook', 'DPkg::Post-Invoke {"/opt/apt";};'],
    ['desktop-autostart', 'Exec=/opt/desktop'],
    ['hook', undefined],
  ])
})

test('a line that is put before others makes one new row', async () => {
  const files = { '/etc/crontab': '1 * * * * root a\n2 * * * * root b\n' }
  const pass = newPasses(autoruns, newSystemHost(files))
  await pass()

  files['/etc/crontab'] = `* * * * * root /tmp/x\n${files['/etc/crontab']}`

  expect(rowsOf(await pass()).map(({ holds, row: { kind, text } }) => [holds, kind, text])).toEqual([
    ['appeared', 'file', undefined],
    ['appeared', 'cron', '* * * * * root /tmp/x'],
  ])
})

test('more lines and files than anybody reads are bounded, and that is said', async () => {
  const files = Object.fromEntries(Array.from({ length: 2_100 }, (_, i) => [`/etc/cron.daily/${i}`, '']))
  const rows = await rowsFrom({ ...files, '/etc/crontab': `* * * * * root ${'x'.repeat(9_000)}\n`.repeat(10) })

  expect(rows.filter(({ kind }) => kind === 'cron-script')).toHaveLength(2_000)
  expect(rows).toContainEqual({
    kind: 'not-looked',
    path: '/etc/cron.daily',
    why: 'more than 2000 files',
    files: 2_100,
  })
  expect(rows.find(({ path }) => path === '/etc/crontab')).toMatchObject({ cut: true })
  expect(Math.max(...rows.map(({ text }) => text?.length ?? 0))).toBe(4_000)
})

test('any text is read in the end, and lines that never end in the time their length takes', () => {
  const startedAt = process.cpuUsage().user
  expect(linesOf('\\\n'.repeat(128_000)).length).toBeGreaterThan(10)
  expect(process.cpuUsage().user - startedAt).toBeLessThan(2_000_000)
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => linesOf(text).length <= text.split('\n').length))
})
