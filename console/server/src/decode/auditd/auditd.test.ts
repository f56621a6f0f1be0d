import { describe, expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { recordOf } from '../recorded.fixture.ts'
import { isMissing, linesOf, pathOf } from '../shared-data.fixture.ts'
import { fieldAccuracy } from './accuracy.fixture.ts'
import { auditd } from './index.ts'

// Lines as auditd writes them; the values are those of the test logs of go-libaudit, shortened.
const executed = [
  'type=SYSCALL msg=audit(1492037291.036:59): arch=c000003e syscall=59 success=yes exit=0 ppid=12041 pid=13002 auid=1000 uid=0 euid=0 tty=pts1 ses=802 comm="grep" exe="/usr/bin/grep" key=(null)',
  'type=EXECVE msg=audit(1492037291.036:59): argc=3 a0="grep" a1="--color=auto" a2=6D617070696E672031',
  'type=CWD msg=audit(1492037291.036:59):  cwd="/home/andrew_kroh"',
  'type=PATH msg=audit(1492037291.036:59): item=0 name="/usr/bin/grep" inode=4230 dev=08:01 mode=0100755 ouid=0 ogid=0 nametype=NORMAL',
  'type=PROCTITLE msg=audit(1492037291.036:59): proctitle=67726570002D2D636F6C6F723D6175746F006D617070696E672031',
]
const signedIn = `type=USER_LOGIN msg=audit(1492810797.778:12651): pid=11396 uid=0 auid=1001 ses=36 msg='op=login acct="jdoe" exe="/usr/sbin/sshd" hostname=? addr=192.0.2.7 terminal=/dev/pts/1 res=success'\u001dUID="root" AUID="jdoe"`

function decode(lines: readonly string[], state?: unknown) {
  const decoding = auditd.start({}, state)
  const events = lines.flatMap((line, i) => decoding.push({ ...recordOf(line), id: `host/1/${i}` }))
  return { events, state: decoding.state(), end: () => [...decoding.end()] }
}

test('lines of one number are one event that names them all', () => {
  const { events, state } = decode(executed)

  expect(state).toBeUndefined()
  expect(events).toMatchObject([
    {
      '@timestamp': '2017-04-12T22:48:11.036Z',
      event: { action: 'executed', category: ['process'], type: ['start'], outcome: 'success', sequence: 59 },
      process: {
        pid: 13002,
        parent: { pid: 12041 },
        executable: '/usr/bin/grep',
        name: 'grep',
        working_directory: '/home/andrew_kroh',
        args: ['grep', '--color=auto', 'mapping 1'],
        command_line: 'grep --color=auto mapping 1',
      },
      file: { path: '/usr/bin/grep', inode: '4230', mode: '0755', uid: '0' },
      user: { id: '0' },
      tidewaiter: {
        login_uid: '1000',
        session: '802',
        terminal: 'pts1',
        records: [0, 1, 2, 3, 4].map((i) => `host/1/${i}`),
      },
    },
  ])
  expect(events[0]?.event.original).toBe(executed.join('\n'))
  expect(events[0]?.tags).toBeUndefined()
})

test('what is open goes on after a saved state, and closes two seconds later', () => {
  const first = decode(executed.slice(0, 2))
  expect(first.events).toEqual([])
  const saved = JSON.parse(JSON.stringify(first.state))

  const { events } = decode([signedIn], saved)

  expect(events.map(({ event, tidewaiter }) => [event.action, tidewaiter.records?.length ?? 1])).toEqual([
    ['executed', 2],
    ['sign-in', 1],
  ])
  expect([...first.end()].map(({ event }) => event.action)).toEqual(['executed'])
})

test('lines of two events that come in between each other stay apart, and a late one is an event of its own', () => {
  const other = executed.map((line) => line.replace(':59)', ':60)'))
  const mixed = executed.flatMap((line, i) => [line, other[i] ?? ''])

  const { events } = decode([...mixed, executed[2] ?? '', signedIn])

  expect(events.map(({ event, tidewaiter }) => [event.sequence, tidewaiter.records?.length ?? 1])).toEqual([
    [59, 5],
    [60, 5],
    [59, 1],
    [12651, 1],
  ])
})

test('a sign-in says who came from where, by what the kernel says and not by what imitates it', () => {
  const [event] = decode([signedIn]).events
  expect(event).toMatchObject({
    event: { action: 'sign-in', category: ['authentication'], type: ['start'], outcome: 'success' },
    user: { name: 'jdoe' },
    source: { ip: '192.0.2.7' },
    process: { pid: 11396, executable: '/usr/sbin/sshd' },
    tidewaiter: { login_uid: '1001', session: '36', terminal: '/dev/pts/1' },
  })

  const forged = `x' pid=1 res=success auid=0`
  const line = signedIn
    .replace('acct="jdoe"', `acct=${Buffer.from(forged).toString('hex').toUpperCase()}`)
    .replace('success', 'failed')
  expect(decode([line]).events[0]).toMatchObject({
    event: { outcome: 'failure' },
    user: { name: forged },
    process: { pid: 11396 },
    tidewaiter: { login_uid: '1001' },
  })
})

test('other ends are read from their address, and keys that were typed are repeated in no field', () => {
  const connected = (saddr: string) =>
    decode([
      'type=SYSCALL msg=audit(1492037289.295:49): arch=c000003e syscall=42 success=no exit=-115 pid=1172 comm="a" exe="/a"',
      `type=SOCKADDR msg=audit(1492037289.295:49): saddr=${saddr}`,
      'type=EOE msg=audit(1492037289.295:49):',
    ]).events[0]

  expect(connected('02000050A9FEA9FE0000000000000000')).toMatchObject({
    event: { action: 'connected', category: ['network'] },
    destination: { ip: '169.254.169.254', port: 80 },
  })
  expect(connected('0A0001BB0000000020010DB800000000000000000000000100000000')?.destination).toEqual({
    address: '2001:db8::1',
    ip: '2001:db8::1',
    port: 443,
  })
  expect(connected('01002F7661722F72756E2F6E736364')?.tidewaiter.socket_path).toBe('/var/run/nscd')
  expect(connected('0200')?.destination).toBeUndefined()

  const typed = `type=TTY msg=audit(1492037289.295:50): tty pid=1 uid=0 auid=1000 ses=1 major=136 minor=1 comm="bash" data=70617373776F72640D`
  const { event, ...fields } = decode([typed]).events[0] as Event
  expect(event.action).toBe('terminal-input')
  expect(JSON.stringify(fields)).not.toMatch(/password|70617373/)
})

test('however much one event says, what is open stays below 64 KiB and nothing of it is lost', () => {
  const long = Array.from(
    { length: 500 },
    (_, i) => `type=PATH msg=audit(1492037291.036:61): item=${i} name="/${'x'.repeat(4000)}"`,
  )
  const decoding = auditd.start({})
  const records = []
  for (const [i, line] of long.entries()) {
    records.push(...decoding.push({ ...recordOf(line), id: `host/1/${i}` }))
    expect(JSON.stringify(decoding.state() ?? null).length).toBeLessThan(64 * 1024)
  }
  records.push(...decoding.end())
  expect(records.flatMap(({ tidewaiter }) => tidewaiter.records ?? [tidewaiter.record])).toHaveLength(long.length)
})

describe.skipIf(isMissing('auditd'))('logs with the fields that go-libaudit reads in them (shared data)', () => {
  test('hold those values, every one of them', () => {
    const { records, right, differences } = fieldAccuracy()

    expect(differences).toEqual([])
    expect(records).toBeGreaterThan(300)
    expect(right).toBe(records)
  })

  test('every line of a log is in an event, and none is unreadable', async () => {
    const events = await Array.fromAsync(decodeFile(pathOf('auditd/testdata__normal.log')))

    expect(events.map(({ event, error }) => [event.dataset, event.action, error])).toEqual([
      ['auditd', 'connected', undefined],
      ['auditd', 'executed', undefined],
      ['auditd', 'executed', undefined],
      ['auditd', 'connected', undefined],
      ['auditd', 'accepted', undefined],
    ])
    expect(events.flatMap(({ tidewaiter }) => tidewaiter.records ?? [tidewaiter.record])).toHaveLength(
      linesOf('auditd/testdata__normal.log').filter(Boolean).length,
    )
  })
})
