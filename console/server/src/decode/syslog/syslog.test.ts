import { describe, expect, test } from 'vitest'
import { contextByHand } from '../context.ts'
import type { MessageDecoder } from '../decoder.ts'
import { messageReader } from '../message.ts'
import { eventsOf, recordedLines } from '../recorded.fixture.ts'
import { syslog } from './index.ts'

const heard: string[] = []
const listener: MessageDecoder = {
  id: 'listener',
  title: 'Hears every message',
  programs: 'any',
  decode(text, program) {
    heard.push(`${program}|${text}`)
    return undefined
  },
}
const plain = syslog(() => undefined)
const listening = syslog(messageReader([listener]))
const read = (line: string) => eventsOf(plain, [line], { context: contextByHand({ year: 2026, zone: 'UTC' }) })[0]

describe('a line is cut into its envelope', () => {
  test('as RFC 3164 daemons write it', () => {
    expect(read('Nov  5 13:34:21 broker-fs01 sshd[36]: Server listening')).toEqual({
      '@timestamp': '2026-11-05T13:34:21Z',
      event: {
        kind: 'event',
        dataset: 'syslog',
        category: ['host'],
        type: ['info'],
        original: 'Nov  5 13:34:21 broker-fs01 sshd[36]: Server listening',
      },
      message: 'Server listening',
      host: { name: 'broker-fs01' },
      process: { name: 'sshd', pid: 36 },
      tidewaiter: {
        record: 'host/1/0',
        time: { raw: 'Nov  5 13:34:21', basis: { year: 'given by hand', zone: '+00:00, given by hand' } },
      },
    })
  })

  test('as rsyslog writes it with a full time', () => {
    expect(read('2026-11-25T13:34:21.322084-05:00 broker-fs01 cron[37]: (CRON) INFO')).toMatchObject({
      '@timestamp': '2026-11-25T18:34:21.322084Z',
      host: { name: 'broker-fs01' },
      process: { name: 'cron', pid: 37 },
      tidewaiter: expect.not.objectContaining({ time: expect.anything() }),
    })
  })

  test('as RFC 5424 has it, with what nil leaves out', () => {
    const line =
      String.raw`<165>1 2026-10-11T22:14:15.003Z host.example evntslog 77 ID47 [x@1 a="]" b="\"]"][y@2] ` +
      '\uFEFFAn event'

    expect(read(Buffer.from(line).toString('latin1'))).toMatchObject({
      '@timestamp': '2026-10-11T22:14:15.003Z',
      message: 'An event',
      host: { name: 'host.example' },
      process: { name: 'evntslog', pid: 77 },
      log: {
        syslog: {
          priority: 165,
          facility: { code: 20, name: 'local4' },
          severity: { code: 5, name: 'notice' },
          version: '1',
          procid: '77',
          msgid: 'ID47',
          structured_data: { text: String.raw`[x@1 a="]" b="\"]"][y@2]` },
        },
      },
    })
    const nil = read('<34>1 - - - - - - only this')
    expect(nil).toMatchObject({ message: 'only this', log: { syslog: { priority: 34, version: '1' } } })
    for (const field of ['@timestamp', 'host', 'process']) expect(nil).not.toHaveProperty(field)
  })

  test('without a host, without a pid, without a program, and with what Solaris and FreeBSD add', () => {
    expect(read('Mar  3 00:17:22 [sshd]: hello')).toMatchObject({ process: { name: 'sshd' }, message: 'hello' })
    expect(read('Nov 18 08:30:20 kernel: [997.390602] sda2')).toMatchObject({
      process: { name: 'kernel' },
      message: '[997.390602] sda2',
    })
    expect(read('Nov 18 08:30:20 kernel: [997.390602] sda2')).not.toHaveProperty('host')
    expect(read('Jan 22 07:54:32 name.example Job `cron.daily` terminated')).toMatchObject({
      host: { name: 'name.example' },
      message: 'Job `cron.daily` terminated',
    })
    expect(read('Mar 29 05:59:23 dusky sshd[7]: [ID 800047 auth.info] hello')).toMatchObject({ message: 'hello' })
    expect(read('Mar 29 05:59:23 <auth.info> dusky sshd[7]: hello')).toMatchObject({ host: { name: 'dusky' } })
    expect(read('Nov 18 01:15:43: --- last message repeated 5 times ---')).not.toHaveProperty('host')
  })

  test('a carriage return at the end belongs to the line and not to the message', () => {
    expect(read('Nov  5 13:34:21 h x: y\r')).toMatchObject({
      message: 'y',
      event: { original: expect.stringMatching(/\r$/) },
    })
  })
})

describe('what the message means', () => {
  test('is asked with the tag of the program and the text after it', () => {
    heard.length = 0
    eventsOf(listening, ['Nov  5 13:34:21 h /usr/sbin/cron[5]:  two blanks', 'Nov  5 13:34:21 h pop(pam_unix)[4]: x'])

    expect(heard).toEqual(['/usr/sbin/cron| two blanks', 'pop(pam_unix)|x'])
  })

  test('a message that rsyslog repeats is that message, so many times in one record', () => {
    heard.length = 0
    const [event] = eventsOf(listening, ['Nov  5 13:34:21 h sshd[7]: message repeated 5 times: [ Failed password]'])

    expect(heard).toEqual(['sshd|Failed password'])
    expect(event).toMatchObject({ message: 'Failed password', tidewaiter: { repeated: 5 } })
  })

  test('a message beyond any that a daemon writes is not read', () => {
    heard.length = 0
    eventsOf(listening, [`Nov  5 13:34:21 h sshd[7]: ${'x'.repeat(16_385)}`])

    expect(heard).toEqual([])
  })
})

describe('what is no line of syslog', () => {
  // IIS: learn.microsoft.com, W3C logging. PostgreSQL: log_line_prefix '%m [%p] ' and '%t [%p]: '. Windows firewall: its log.
  test.each([
    ['IIS', '2026-11-24 10:42:11 192.0.2.7 GET /ace/login.aspx - 443 - 203.0.113.9 Mozilla/5.0 - 200 0 0 15'],
    ['PostgreSQL', '2026-11-24 10:42:11.123 UTC [1234] LOG:  checkpoint starting: time'],
    ['PostgreSQL', '2026-11-24 10:42:11 EST [1234]: [1-1] user=abi,db=ace LOG:  statement: select 1'],
    ['PostgreSQL', '2026-11-24 10:42:11 UTC abi@ace FATAL:  password authentication failed'],
    ['the Windows firewall', '2026-11-24 10:42:11 ALLOW TCP 192.0.2.7 203.0.113.9 52011 443 0 - 0 0 0 - - - SEND'],
    ['dpkg', '2026-11-24 10:42:11 status installed libc6:amd64 2.36-9'],
    ['a program', '2026-11-24 10:42:11,123 INFO worker: started'],
    ['a program', '2026-11-24T10:42:11Z WARN worker: slow'],
    ['a program', '2026-11-24T10:42:11.123Z level=info msg=started'],
  ])('is not called one: %s', (_who, line) => {
    expect(plain.detects(Buffer.from(`${line}\n`))).toBe(false)
    expect(read(line)).toMatchObject({ event: { dataset: 'text', original: line } })
    expect(read(line)).not.toHaveProperty('host')
  })

  test('and what macOS writes with a blank in its time is one', () => {
    expect(read('2026-11-25 13:34:21.250000-0500  broker-mac softwareupdated[388]: SUScan')).toMatchObject({
      '@timestamp': '2026-11-25T18:34:21.250000Z',
      event: { dataset: 'syslog' },
      host: { name: 'broker-mac' },
      process: { name: 'softwareupdated', pid: 388 },
      message: 'SUScan',
    })
  })

  test('says so and keeps its text', () => {
    for (const line of [
      'MMM 22 07:54:32 h x: y',
      '# a comment',
      '<34',
      '<192>Nov  5 13:34:21 h x: y',
      'Nov  5 13:34:21x h',
      '<34>1 never h x - - - y',
    ])
      expect(read(line)).toMatchObject({
        event: { kind: 'pipeline_error', dataset: 'text', original: line },
        error: { message: expect.any(String) },
      })
  })

  test('what goes on from the line before is text, and nothing is wrong with it', () => {
    for (const line of ['\tmany syslog parsers.', ' x', '']) expect(read(line)).not.toHaveProperty('error')
  })

  test('bytes that are no UTF-8 are shown as such and marked', () => {
    expect(read('Nov  5 13:34:21 h x: caf\xe9')).toMatchObject({
      message: 'caf\uFFFD',
      tidewaiter: { encoding: 'binary' },
    })
    expect(read(Buffer.from('Nov  5 13:34:21 h x: café').toString('latin1'))).toMatchObject({ message: 'café' })
    expect(read(Buffer.from('Nov  5 13:34:21 h x: \uFFFD').toString('latin1'))?.tidewaiter).not.toHaveProperty(
      'encoding',
    )
  })
})

test('the same recorded messages mean the same in all three forms', () => {
  // Its sender put a header of its own into the message: only the form with fields tells the tag from it.
  const isPlain = (line: string) => !line.includes('Structured')
  const context = contextByHand({ year: 2026, zone: 'America/New_York' })
  const meaning = (name: string) =>
    eventsOf(plain, recordedLines(name).slice(-40).filter(isPlain), { context }).map(({ message, host, process }) => ({
      message,
      host,
      process,
    }))

  expect(meaning('rfc5424.log')).toEqual(meaning('iso.log'))
  expect(meaning('classic.log')).toEqual(meaning('iso.log'))
})
