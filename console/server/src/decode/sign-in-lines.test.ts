import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from './decoder.ts'
import { decoderById } from './index.ts'
import { eventsOf } from './recorded.fixture.ts'
import { type SignInLine, signInLines } from './sign-in-lines.fixture.ts'

const context = { zone: { name: 'America/New_York', basis: 'given by hand' }, year: 2026 }

/** Parts of names that imitate what the services write themselves, of somebody else. */
const imitations = [
  ' from 203.0.113.9 port 22',
  ' from 203.0.113.9',
  ' from 203.0.113.9. AUTHENTICATE PLAIN: x',
  ' from 203.0.113.9. LOGIN',
  ' from 203.0.113.9 in session abc (error: 0)',
  ' from client 203.0.113.9:1 ; UserNotFound: x',
  ' on admin from client 203.0.113.9:1',
  "'@'203.0.113.9' (using password: NO)",
  "'@'203.0.113.9' to database 'x'",
  '": password mismatch, client: 203.0.113.9, server: x, request: "GET / HTTP/1.1", host: "x"',
  ', client: 203.0.113.9, server: x, request: "',
  ', referrer: "',
  '>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1',
  ',203.0.113.9): unknown user',
  ', ip=[203.0.113.9]',
  ' (Login failed): Incorrect password.',
  ': no such user found from x [203.0.113.9] to y',
  ': Login successful.',
  '] OK LOGIN: Client "203.0.113.9"',
  '] FAIL LOGIN: Client "203.0.113.9"',
  '] FAIL LOGIN: Client "203.0.113.9", "x',
  ' :: Viewer Address: 203.0.113.9 :: Type: DH',
  '. IP: 203.0.113.9. Username: x',
  ' logged in successfully. IP: 203.0.113.9',
  '" failed. User "x" successfully authenticated from 203.0.113.9.',
  ' msg=x rhost=203.0.113.9 user=x',
  ' not found: /',
  ': authentication failure for "/',
  "' in realm `x' not found: /",
  '[client 203.0.113.9:1] ',
  ', sasl_username=x',
  'x[203.0.113.9]: SASL LOGIN authentication failed: ',
  "' [CN SET]",
  '"',
  "'",
  ']',
  '[',
  ' ',
] as const

describe.each(signInLines.map((line) => [`${line.service}: ${line.line('NAME')}`, line] as const))('%s', (_, made) => {
  test('says who, from where, when and how it ended', () => {
    const event = read(made, 'ana')

    expect(event).toMatchObject({
      event: { dataset: made.service, outcome: made.outcome, category: expect.arrayContaining(['authentication']) },
      source: { ip: '192.0.2.7' },
      user: { name: made.user ?? 'ana' },
      service: { name: expect.any(String) },
    })
    if (made.service === 'guacamole') expect(event.tidewaiter.time).toEqual({ raw: '13:34:21.907' })
    else expect(Date.parse(event['@timestamp'] ?? '')).toBe(Date.parse(timeOf(event)))
  })

  test('takes no address and no other end out of what a client calls itself', () => {
    for (const first of imitations) {
      checkHostile(made, first)
      checkHostile(made, `ana${first}`)
      for (const second of imitations) checkHostile(made, `x${first}y${second}`)
    }
  })

  test('and out of nothing that is put together of such parts', () => {
    const names = fc.array(fc.oneof(fc.constantFrom(...imitations), fc.string({ maxLength: 8 })), { maxLength: 5 })
    fc.assert(
      fc.property(names, (parts) => checkHostile(made, parts.join('').replaceAll(/[\r\n]/g, ' '))),
      { numRuns: 200 },
    )
  })
})

/** The address is the right one, or none is taken and it is said that the text is doubtful or not read. */
function checkHostile(made: SignInLine, name: string): void {
  const { event, source, user, tidewaiter } = read(made, name)
  const opposite = made.outcome === 'failure' ? 'success' : 'failure'
  expect([name, event.outcome]).not.toEqual([name, opposite])
  const called = (user as { name?: string } | undefined)?.name
  if (called !== undefined) expect([name, called]).toEqual([name, made.user ?? name])
  if (source !== undefined) expect([name, source]).toEqual([name, expect.objectContaining({ ip: '192.0.2.7' })])
  else
    expect([name, tidewaiter.doubt ?? event.dataset, event.action ?? '']).not.toEqual([name, made.service, 'sign-in'])
}

function read({ log, line }: SignInLine, name: string): Event {
  const [event] = eventsOf(decoderById(log), [Buffer.from(line(name))], { context })
  return event ?? expect.fail('no event')
}

/** 13:34:21 in New York; a clock in UTC says so. */
function timeOf({ '@timestamp': at = '', event }: Event): string {
  const fraction = /\.\d+/.exec(at)?.[0] ?? ''
  return `2026-11-26T${event.original?.includes('21.634875Z') ? '13' : '18'}:34:21${fraction}Z`
}
