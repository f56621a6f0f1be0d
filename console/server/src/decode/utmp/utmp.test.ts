import { expect, test } from 'vitest'
import { eventsOf, recorded } from '../recorded.fixture.ts'
import { utmp } from './index.ts'
import { layouts } from './layout.ts'
import { layoutOf } from './record.ts'

const recordBytes = layouts[0].bytes

const recordsOf = (name: string) => {
  const bytes = recorded(name)
  return Array.from({ length: bytes.length / recordBytes }, (_, i) =>
    bytes.subarray(i * recordBytes, (i + 1) * recordBytes),
  )
}
const dumped = (name: string) =>
  recorded(`${name}.txt`)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => Array.from(line.matchAll(/\[(.*?)\s*\](?= \[|$)/g), ([, field = '']) => field))

test('records hold what utmpdump reads in them', () => {
  for (const name of ['wtmp', 'btmp']) {
    const events = eventsOf(utmp, recordsOf(name), { head: { source: `login:${name}` } })
    const truth = dumped(name)

    expect(events).toHaveLength(truth.length)
    for (const [i, [, pid = '', , user = '', line = '', , ip = '', time = '']] of truth.entries()) {
      expect(events[i]?.process).toEqual({ pid: Number(pid) })
      expect(events[i]?.['@timestamp']).toBe(time.replace(',', '.').replace('+00:00', 'Z'))
      expect(events[i]?.user).toEqual(user === '' ? undefined : { name: user })
      expect(events[i]?.tidewaiter.terminal).toBe(line === '' ? undefined : line)
      if (ip !== '0.0.0.0') expect(events[i]?.source).toMatchObject({ ip })
    }
  }
})

test('a session begins with a sign-in and ends with its terminal', () => {
  expect(eventsOf(utmp, recordsOf('wtmp'), { head: { source: 'login:wtmp' } })).toMatchObject([
    {
      event: { category: ['authentication', 'session'], type: ['start'], action: 'sign-in', outcome: 'success' },
      user: { name: 'ana' },
      source: { ip: '127.0.0.1' },
    },
    { event: { type: ['end'], action: 'sign-out' }, tidewaiter: { terminal: 'pts/0' } },
    { source: { address: '192.0.2.44', ip: '192.0.2.44' } },
    { event: { action: 'sign-out' } },
  ])
})

test('attempts in vain are failures, by the file they stand in and by what they are', () => {
  for (const source of ['login:btmp', 'log-file:/evidence/btmp.1', 'log-file:/evidence/unnamed'])
    for (const { event } of eventsOf(utmp, recordsOf('btmp'), { head: { source } }))
      expect(event).toMatchObject({ category: ['authentication'], action: 'sign-in', outcome: 'failure' })
})

test('a name that fills its field is cut where the field ends', () => {
  const events = eventsOf(utmp, recordsOf('btmp'), { head: { source: 'login:btmp' } })

  expect(events.map(({ user }) => user)).toContainEqual({ name: 'admin from 203.0.113.9 port 4022' })
  expect(new Set(events.map(({ source }) => JSON.stringify(source)))).toEqual(
    new Set([JSON.stringify({ address: '127.0.0.1', ip: '127.0.0.1' }), undefined]),
  )
})

test('a snapshot of who is signed in tells of no new sign-in', () => {
  const [record] = recordsOf('utmp').slice(-1)
  const pass = (holds: 'all' | 'appeared' | 'ended') =>
    eventsOf(utmp, [record ?? expect.fail()], {
      head: { source: 'login:utmp', pass: { number: 1, rows: 3, holds } },
      context: { readAt: '2026-11-25T19:00:00.000Z' },
    })[0]

  expect(pass('all')).toMatchObject({
    '@timestamp': '2026-11-25T19:00:00.000Z',
    event: { kind: 'state', category: ['session'], type: ['info'], start: expect.stringMatching(/^2026-11-25T18:/) },
    user: { name: 'ana' },
  })
  expect(pass('appeared')).toMatchObject({
    '@timestamp': expect.stringMatching(/^2026-11-25T18:/),
    event: { type: ['start'] },
  })
  expect(pass('ended')).toMatchObject({ '@timestamp': '2026-11-25T19:00:00.000Z', event: { type: ['end'] } })
})

test('an IPv6 address is read in network order', () => {
  const record = Buffer.from(recordsOf('wtmp')[0] ?? expect.fail())
  Buffer.from('20010db8000000000000000000000007', 'hex').copy(record, 348)
  record.write('host.example\0', 76, 'latin1')

  expect(eventsOf(utmp, [record])).toMatchObject([
    { source: { address: 'host.example', domain: 'host.example', ip: '2001:db8::7' } },
  ])
})

test('boot, run level and a changed clock are events of the host', () => {
  const record = (type: number, user: string, host: string) => {
    const bytes = Buffer.alloc(recordBytes)
    bytes.writeInt16LE(type, 0)
    bytes.writeInt32LE(0x35, 4)
    bytes.write('~', 8)
    bytes.write(user, 44)
    bytes.write(host, 76)
    bytes.writeUInt32LE(1_386_945_909, 340)
    bytes.writeInt32LE(688_666, 344)
    return bytes
  }

  expect(
    eventsOf(utmp, [
      record(2, 'reboot', '3.8.0'),
      record(1, 'runlevel', '3.8.0'),
      record(1, 'shutdown', ''),
      record(3, 'date', ''),
    ]),
  ).toMatchObject([
    { '@timestamp': '2013-12-13T14:45:09.688666Z', event: { action: 'boot' }, host: { os: { kernel: '3.8.0' } } },
    { event: { action: 'run-level-changed' }, message: 'run level 5' },
    { event: { action: 'shutdown', type: ['end'] } },
    { event: { action: 'clock-changed' } },
  ])
})

test('bytes that are no record say so', () => {
  const wrong = Buffer.from(recordsOf('wtmp')[0] ?? expect.fail())
  wrong.writeInt16LE(10, 0)

  for (const bytes of ['', 'torn', Buffer.alloc(383), Buffer.alloc(385), wrong])
    expect(eventsOf(utmp, [bytes])).toMatchObject([
      { event: { kind: 'pipeline_error' }, error: { message: expect.any(String) } },
    ])
})

test('a record that says no time has none', () => {
  expect(eventsOf(utmp, [Buffer.alloc(recordBytes)])[0]).not.toHaveProperty('@timestamp')
})

test('files of records are told from other bytes', () => {
  const wtmp = recorded('wtmp')

  expect(layoutOf(wtmp)?.bytes).toBe(384)
  expect(layoutOf(Buffer.concat([wtmp, Buffer.from('torn')]))?.bytes).toBe(384)
  expect(layoutOf(Buffer.concat([Buffer.alloc(recordBytes), wtmp]))?.bytes).toBe(384)
  expect(layoutOf(Buffer.alloc(recordBytes * 3))).toBeUndefined()
  expect(layoutOf(wtmp.subarray(0, 380))).toBeUndefined()
  expect(layoutOf(Buffer.concat([wtmp.subarray(1), Buffer.from('x')]))).toBeUndefined()
})
