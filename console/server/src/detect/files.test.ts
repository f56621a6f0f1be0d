import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Event } from '../decode/decoder.ts'
import { decodeFile } from '../decode/files.ts'
import { readIndicators } from '../indicators/read.ts'
import { eventsOf, findingsIn } from './events.fixture.ts'
import { detectFiles } from './files.ts'

const source = 'list.txt'

async function all(events: Iterable<Event>, list?: string) {
  return Array.fromAsync(
    detectFiles(inTurn(events), list === undefined ? {} : { indicators: { ...readIndicators(list), source } }),
  )
}

async function* inTurn(events: Iterable<Event>): AsyncGenerator<Event> {
  yield* events
}

/** RFC 3164 lines: they say neither year nor zone. */
const lines = (times: readonly string[]) =>
  times.map((time, n) => `${time} abi01 sshd[${n}]: Failed password for root from 203.0.113.77 port 4${n} ssh2\n`)

function decoded(text: readonly string[], given: { year?: number; zone?: string } = {}): AsyncGenerator<Event> {
  return decodeFile(Readable.from(text.map((line) => Buffer.from(line))), given)
}

const newYear = [
  'Dec 31 23:58:00',
  'Dec 31 23:59:00',
  'Dec 31 23:59:30',
  'Jan  1 00:00:05',
  'Jan  1 00:00:30',
  'Jan  1 00:01:00',
]

test('where neither year nor zone is known, the written times are the axis and no instant is invented', async () => {
  const [finding, ...others] = await findingsIn(
    decoded(lines([...newYear, 'Jan  1 00:02:00', 'Jan  1 00:02:30', 'Jan  1 00:03:00'])),
  )

  expect(others).toEqual([])
  expect(finding).toMatchObject({ count: 9, firstAt: 'Dec 31 23:58:00', lastAt: 'Jan  1 00:03:00', host: 'abi01' })
  expect(finding?.title).toBe('203.0.113.77 failed 9 sign-ins for root on abi01 in 5 min')
  expect(JSON.stringify(finding)).not.toMatch(/\b(19|20)\d\d-/)
})

test('with year and zone given, the times are instants', async () => {
  const times = Array.from({ length: 8 }, (_, n) => `Oct 28 03:05:0${n}`)

  const [finding] = await findingsIn(decoded(lines(times), { year: 2026, zone: '-04:00' }))

  expect(finding).toMatchObject({ firstAt: '2026-10-28T07:05:00.000Z', lastAt: '2026-10-28T07:05:07.000Z' })
  expect(finding?.records[0]).toBe('stdin:0')
})

test('files of several hosts are judged host by host, also when they come one after the other', async () => {
  const attack = eventsOf('login-red-flags.attack')
  const other = attack.map((event) => ({ ...event, host: { name: 'HCB-WS12' } }))

  const hosts = (await findingsIn([...attack, ...other])).map(({ host }) => host)

  expect(hosts.filter((host) => host === 'hcb-abi01')).toHaveLength(4)
  expect(hosts.filter((host) => host === 'HCB-WS12')).toHaveLength(4)
})

test('indicators are met by the values of events, in networks and counted', async () => {
  const attack = eventsOf('login-red-flags.attack')

  const sightings = (await all(attack, '203.0.113[.]77\n203.0.113.0/24\nnot-seen.example\n')).filter(
    ({ kind }) => kind === 'sighting',
  )

  const from = (ip: string) => attack.filter(({ source }) => JSON.stringify(source ?? {}).includes(`"${ip}"`)).length
  expect(sightings).toContainEqual({
    kind: 'sighting',
    indicator: { type: 'ip', value: '203.0.113.77', source },
    observable: { type: 'ip', value: '203.0.113.77' },
    count: from('203.0.113.77'),
  })
  expect(sightings).toContainEqual(
    expect.objectContaining({
      indicator: { type: 'cidr', value: '203.0.113.0/24', source },
      observable: { type: 'ip', value: '203.0.113.201' },
      count: from('203.0.113.201'),
    }),
  )
  expect(JSON.stringify(sightings)).not.toContain('not-seen')
})
