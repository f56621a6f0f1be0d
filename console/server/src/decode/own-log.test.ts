import { expect, test } from 'vitest'
import { decoderById } from './index.ts'
import { eventsOf } from './recorded.fixture.ts'

const at = '2026/11/26 13:34:21 [error] 7#8: *3'
const end = 'client: 192.0.2.7, server: www.example, request: "GET / HTTP/1.1", host: "www.example"'
const denied = `${at} access forbidden by rule, ${end}`
const read = (...lines: string[]) => eventsOf(decoderById('nginx'), lines)

test('a line says what stands before its message, and no time without a zone', () => {
  expect(read(denied)).toMatchObject([
    {
      event: { dataset: 'nginx', original: denied },
      log: { level: 'error' },
      process: { pid: 7 },
      source: { ip: '192.0.2.7' },
      tidewaiter: { time: { raw: '2026/11/26 13:34:21' } },
    },
  ])
  expect(read(denied)[0]).not.toHaveProperty('@timestamp')
})

test('a line end of Windows is no part of the message', () => {
  expect(read(`${at} user "ana": password mismatch, ${end}\r`)[0]).toMatchObject({ user: { name: 'ana' } })
})

test('lines of syslog in the same file are read as such', () => {
  const [event] = read('Nov 26 13:34:21 web sshd[7]: Failed password for ana from 192.0.2.7 port 22 ssh2')

  expect(event).toMatchObject({ event: { dataset: 'sshd', outcome: 'failure' }, host: { name: 'web' } })
})

test('the same message through syslog and the journal says the same, with or without a time before it', () => {
  for (const line of [
    `Nov 26 13:34:21 web nginx: ${denied}`,
    `Nov 26 13:34:21 web nginx[7]: ${denied}`,
    `web nginx[7]: ${denied}`,
    `web nginx[7]: web nginx: ${denied}`,
  ])
    expect(read(line)).toMatchObject([
      { event: { dataset: 'nginx', action: 'access-denied', outcome: 'failure' }, source: { ip: '192.0.2.7' } },
    ])
})

test('what has neither time nor name is text that stands alone, and nothing is wrong with it', () => {
  const events = read('\tat org.example.Main.main(Main.java:7)', '', 'Caused by: x', denied)

  expect(events.map(({ event, message, error }) => [event.dataset, message, error])).toEqual([
    ['nginx', '\tat org.example.Main.main(Main.java:7)', undefined],
    ['nginx', '', undefined],
    ['nginx', 'Caused by: x', undefined],
    ['nginx', expect.stringContaining('access forbidden'), undefined],
  ])
})
