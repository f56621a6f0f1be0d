import { describe, expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { isMissing, pathOf, truthOf } from '../shared-data.fixture.ts'
import { dovecot } from './index.ts'

const decode = (text: string, program = 'dovecot') => dovecot.decode(text, program)

test('a sign-in and a refusal name account, address and method', () => {
  expect(decode('imap-login: Login: user=<ana>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, mpid=9, TLS')).toEqual({
    event: { category: ['authentication'], type: ['start'], outcome: 'success', action: 'sign-in' },
    network: { protocol: 'imap' },
    service: { name: 'dovecot' },
    user: { name: 'ana' },
    source: { address: '192.0.2.7', ip: '192.0.2.7' },
    tidewaiter: { method: 'PLAIN' },
  })
})

test('a client that went away without trying has failed at nothing', () => {
  const said = 'imap-login: Info: Disconnected (no auth attempts in 22 secs): user=<>, rip=192.0.2.7, lip=192.0.2.1'

  expect(decode(said)?.event).not.toHaveProperty('outcome')
  expect(decode(said)).not.toHaveProperty('user')
})

test('its own file says the same', () => {
  const read = (line: string) => eventsOf(decoderById('syslog'), [line])[0]

  expect(
    read('Nov 26 13:34:21 imap-login: Info: Login: user=<ana>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1'),
  ).toMatchObject({ event: { dataset: 'dovecot', outcome: 'success' }, source: { ip: '192.0.2.7' } })
  expect(read('Nov 26 13:34:21 auth-worker(7): Info: sql(ana,192.0.2.7): Password mismatch')).toMatchObject({
    event: { dataset: 'dovecot', outcome: 'failure' },
    user: { name: 'ana' },
    tidewaiter: { module: 'sql' },
  })
})

test('a password that is logged is not repeated', () => {
  const message = decode('auth-worker(9): sql(ana,192.0.2.7): unknown user (given password: hunter2)')

  expect(message).toMatchObject({ event: { action: 'user-unknown' }, source: { ip: '192.0.2.7' } })
  expect(JSON.stringify(message)).not.toContain('hunter2')
})

describe.skipIf(isMissing('service_logs_crowdsec'))('lines of real servers (shared data)', () => {
  test('the address and the outcome are those that crowdsec finds', async () => {
    const name = 'service_logs_crowdsec/dovecot-logs/dovecot-logs.log'
    const events: Event[] = await Array.fromAsync(decodeFile(pathOf(name)))
    const truth = truthOf('service_logs_crowdsec').files['dovecot-logs'].meta_by_line
    const lines: [string, Record<string, string>][] = Object.entries(truth)

    expect(lines.length).toBeGreaterThanOrEqual(15)
    for (const [line, { source_ip, dovecot_login_result }] of lines) {
      const { event, source } = events[Number(line)] ?? expect.fail(line)
      expect([line, source]).toEqual([line, expect.objectContaining({ ip: source_ip })])
      if (dovecot_login_result === 'auth_failed') expect([line, event.outcome]).toEqual([line, 'failure'])
    }
  })
})
