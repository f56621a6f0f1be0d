import { describe, expect, test } from 'vitest'
import { messageDecoders } from '../index.ts'
import { messageReader } from '../message.ts'
import { eventsOf, recorded } from '../recorded.fixture.ts'
import { entries } from './entry.ts'
import { journald } from './index.ts'

const decoder = journald(messageReader(messageDecoders))
const entry = (...fields: string[]) => `${fields.join('\n')}\n`

/** The recorded entries, cut as a bare file is. */
function recordedEntries(): Buffer[] {
  const bytes = recorded('journal.export')
  const all: Buffer[] = []
  for (let piece = entries(bytes, 0), at = 0; piece !== undefined; piece = entries(bytes, at)) {
    all.push(bytes.subarray(at, piece.end))
    at = piece.next
  }
  return all
}

test('the recorded export holds what journalctl itself says it holds', () => {
  const truth = recorded('journal.json')
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

  const events = eventsOf(decoder, recordedEntries())

  expect(events).toHaveLength(truth.length)
  for (const [i, { MESSAGE, _PID, _UID, _EXE, _SOURCE_REALTIME_TIMESTAMP }] of truth.entries()) {
    // journalctl gives bytes that are no UTF-8 as numbers.
    const message = Array.isArray(MESSAGE) ? Buffer.from(MESSAGE).toString() : MESSAGE
    const process = JSON.stringify(events[i]?.process)
    expect(events[i]?.message).toBe(message)
    expect(process).toContain(`"pid":${_PID}`)
    expect(events[i]?.['@timestamp']).toMatch(/^2026-11-25T\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(events[i]?.['@timestamp']).toContain(`.${_SOURCE_REALTIME_TIMESTAMP.slice(-6)}Z`)
    if (events[i]?.event.dataset === 'journald') expect(events[i]).toMatchObject({ process: { user: { id: _UID } } })
    if (_EXE !== undefined) expect(process).toContain(`"executable":"${_EXE}"`)
  }
})

test('an entry keeps what journald itself found out beside what the program said', () => {
  const [event] = eventsOf(decoder, recordedEntries())

  expect(event).toMatchObject({
    event: { dataset: 'shadow', action: 'group-added', original: expect.stringContaining('__CURSOR=') },
    host: {
      name: 'broker-fs01',
      id: '0123456789abcdef0123456789abcdef',
      boot: { id: '00000000000000000000000000000b00' },
    },
    process: {
      name: 'useradd',
      executable: '/usr/sbin/useradd',
      command_line: expect.stringContaining('--create-home'),
    },
    log: {
      syslog: { appname: 'useradd', facility: { code: 10, name: 'authpriv' }, severity: { code: 6, name: 'info' } },
    },
    tidewaiter: { transport: 'syslog' },
  })
})

test('a message with line ends and bytes that are no text is one message', () => {
  const event = eventsOf(decoder, recordedEntries()).find(({ message }) => message?.startsWith('Two lines'))

  expect(event).toMatchObject({
    message: 'Two lines\nin one message, and bytes: \uFFFD\uFFFD',
    tidewaiter: { encoding: 'binary' },
  })
})

describe('who is believed', () => {
  const forged = 'MESSAGE=Accepted password for root from 203.0.113.9 port 4022 ssh2'
  const said = (...fields: string[]) => eventsOf(decoder, [entry('SYSLOG_IDENTIFIER=sshd', forged, ...fields)])[0]

  test('a message that logger sent under the name of sshd is no sign-in', () => {
    const events = eventsOf(decoder, recordedEntries()).filter(({ message }) => message?.includes('203.0.113.9'))

    expect(events).toMatchObject([
      {
        event: { dataset: 'journald', category: ['host'] },
        tidewaiter: { doubt: 'It says that it is sshd, but /usr/bin/logger of user 1001 sent it.' },
      },
    ])
    expect(events[0]).not.toHaveProperty('source')
  })

  test('sshd is believed as root and as the program it is', () => {
    expect(said('_UID=0', '_EXE=/usr/bin/logger')).toMatchObject({ event: { action: 'sign-in' } })
    expect(said('_UID=1001', '_EXE=/usr/sbin/sshd')).toMatchObject({ event: { action: 'sign-in' } })
    for (const event of [said('_UID=0'), said('_UID=1001', '_EXE=/usr/sbin/sshd')])
      expect(event?.tidewaiter).not.toHaveProperty('doubt')
  })

  test('a program of that name in a folder of its own is not', () => {
    for (const path of ['/home/ana/sshd', '/tmp/usr/sbin/sshd', 'sshd'])
      expect(said('_UID=1001', `_EXE=${path}`)).toMatchObject({
        event: { dataset: 'journald' },
        tidewaiter: { doubt: expect.any(String) },
      })
  })

  test('where the journal does not know the program the message is read and doubted', () => {
    expect(said('_UID=1001')).toMatchObject({ event: { action: 'sign-in' }, tidewaiter: { doubt: expect.any(String) } })
    expect(said()).toMatchObject({ event: { action: 'sign-in' }, tidewaiter: { doubt: expect.any(String) } })
  })

  test('the recorded messages of sudo and of sessions that run as their user are believed', () => {
    const events = eventsOf(decoder, recordedEntries())
    const of = (dataset: string) => events.filter(({ event }) => event.dataset === dataset)

    expect(of('sudo').length).toBeGreaterThanOrEqual(8)
    expect(of('sshd').length).toBeGreaterThanOrEqual(10)
    for (const { tidewaiter } of of('sshd')) expect(tidewaiter).not.toHaveProperty('doubt')
  })
})

describe('entries are cut', () => {
  const binary = (name: string, bytes: Buffer) => {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(bytes.length))
    return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')])
  }

  test('at the empty line, and not inside of the bytes of a field', () => {
    const field = binary('MESSAGE', Buffer.from('one\n\nPRIORITY=0\n\ntwo'))
    const bytes = Buffer.concat([Buffer.from('A=1\n'), field, Buffer.from('\nB=2\n\n')])
    const first = 4 + field.length

    expect(entries(bytes, 0)).toEqual({ end: first, next: first + 1 })
    expect(entries(bytes, first + 1)).toEqual({ end: bytes.length - 1, next: bytes.length })
    expect(entries(bytes.subarray(0, first), 0)).toBeUndefined()
    expect(eventsOf(decoder, [bytes.subarray(0, first)])).toMatchObject([{ message: 'one\n\nPRIORITY=0\n\ntwo' }])
  })

  test('a length that reaches beyond everything waits for it, and is no entry at the end', () => {
    const bytes = Buffer.concat([Buffer.from('MESSAGE\n'), Buffer.alloc(8, 0xff), Buffer.from('x\n\n')])

    expect(entries(bytes, 0)).toBeUndefined()
    expect(eventsOf(decoder, [bytes])).toMatchObject([{ error: { message: expect.any(String) } }])
  })

  test('what is no field goes on to the next empty line', () => {
    const bytes = Buffer.from(`${'x'.repeat(300)}\n\nB=2\n\n`)

    expect(entries(bytes, 0)).toEqual({ end: 301, next: 302 })
    expect(eventsOf(decoder, [bytes.subarray(0, 301)])).toMatchObject([{ error: { message: expect.any(String) } }])
  })

  test('empty records are no events', () => {
    expect(entries(Buffer.from('\n'), 0)).toEqual({ end: 0, next: 1 })
    expect(eventsOf(decoder, [''])).toEqual([])
  })
})

test('a time that is none is left out', () => {
  for (const time of ['', '-1', '1e9', '99999999999999999999', '17956320913815x3'])
    expect(eventsOf(decoder, [entry(`__REALTIME_TIMESTAMP=${time}`, 'MESSAGE=x')])[0]).not.toHaveProperty('@timestamp')
})

test('the first of two fields of one name stands, as journalctl shows it', () => {
  expect(eventsOf(decoder, [entry('MESSAGE=one', 'MESSAGE=two')])).toMatchObject([{ message: 'one' }])
})
