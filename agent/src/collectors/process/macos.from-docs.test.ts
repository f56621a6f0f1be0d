import { expect, test } from 'vitest'
import { newMac } from '../macos.fixture.ts'
import { newPasses, rowsOf } from '../proc.fixture.ts'
import { processes } from './index.ts'

/** In the form of ps(1) of macOS (keith.github.io/xcode-man-pages/ps.1.html). */
const seen = `    1     0     0     0     0 ??       Fri Nov 27 06:00:01 2026     /sbin/launchd
  412     1   501   501    20 ??       Fri Nov 27 06:01:09 2026     /Applications/My Tool.app/Contents/MacOS/My Tool
  600   412     0   501    20 ttys000  Tue Nov  3 09:30:00 2026     -zsh
  601     1    -2    -2    -2 ??       Fri Nov 27 06:00:01 2026     /usr/sbin/x
garbage
`
const said = `    1 Fri Nov 27 06:00:01 2026     /sbin/launchd
  412 Fri Nov 27 06:01:09 2026     /Applications/My Tool.app/Contents/MacOS/My Tool --quiet
  600 Sat Nov 28 09:30:00 2026     another process of that number
`
const answers = {
  'ps -axww -o pid=,ppid=,uid=,ruid=,rgid=,tty=,lstart=,comm=': seen,
  'ps -axww -o pid=,lstart=,args=': said,
}

test('a process of a Mac has its file, its arguments and the digest of its program', async () => {
  const rows = rowsOf(await newPasses(processes, newMac(answers))())

  expect(rows.map(({ row }) => row)).toEqual([
    {
      ...{ pid: 1, ppid: 0, uid: 0, ruid: 0, rgid: 0, tty: '??', lstart: 'Fri Nov 27 06:00:01 2026' },
      ...{ comm: '/sbin/launchd', args: '/sbin/launchd', sha256: 'hash of /sbin/launchd' },
    },
    {
      ...{ pid: 412, ppid: 1, uid: 501, ruid: 501, rgid: 20, tty: '??', lstart: 'Fri Nov 27 06:01:09 2026' },
      comm: '/Applications/My Tool.app/Contents/MacOS/My Tool',
      args: '/Applications/My Tool.app/Contents/MacOS/My Tool --quiet',
      sha256: 'hash of /Applications/My Tool.app/Contents/MacOS/My Tool',
    },
    {
      ...{ pid: 600, ppid: 412, uid: 0, ruid: 501, rgid: 20, tty: 'ttys000', lstart: 'Tue Nov  3 09:30:00 2026' },
      comm: '-zsh',
    },
    expect.objectContaining({ pid: 601, uid: -2, comm: '/usr/sbin/x' }),
    { malformed: 'garbage' },
  ])
})

test('a name that holds the line of another process does not take its place', async () => {
  const forged = '    1     0   501   501    20 ??       Fri Nov 27 06:00:01 2026     /tmp/harmless\n'
  const rows = rowsOf(await newPasses(processes, newMac({ ps: seen + forged }))())

  expect(rows.filter(({ row }) => row.pid === 1)).toMatchObject([{ row: { comm: '/sbin/launchd' } }])
  expect(rows.filter(({ row }) => row.malformed !== undefined)).toHaveLength(2)
})

test('without ps the pass fails, and is not a machine without processes', async () => {
  await expect(newPasses(processes, newMac({}))()).rejects.toThrow('ps lists no processes')
})
