import { describe, expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { isMissing } from '../shared-data.fixture.ts'
import { packetAccuracy } from './accuracy.fixture.ts'
import { windowsFirewall } from './index.ts'

const dropped = '2021-06-22 12:19:41 DROP UDP fe80::f58b:f19a:db72:872b ff02::fb 5353 5354 93 - - - - - - - RECEIVE'
const zone = { name: 'America/New_York', basis: 'sealed' }
const read = (line: string) => eventsOf(windowsFirewall, [line], { context: { zone } })[0]

test('a line gives the packet, what became of it, and the instant where the zone is known', () => {
  expect(read(`${dropped}\r`)).toMatchObject({
    '@timestamp': '2021-06-22T16:19:41Z',
    event: {
      dataset: 'windows-firewall',
      category: ['network'],
      type: ['connection', 'denied'],
      action: 'packet-dropped',
    },
    message: 'DROP UDP fe80::f58b:f19a:db72:872b port 5353 to ff02::fb port 5354',
    source: { ip: 'fe80::f58b:f19a:db72:872b', port: 5353 },
    destination: { ip: 'ff02::fb', port: 5354 },
    network: { transport: 'udp', direction: 'ingress', bytes: 93 },
    tidewaiter: { time: { raw: '2021-06-22 12:19:41' } },
  })
  expect(eventsOf(windowsFirewall, [dropped])[0]?.['@timestamp']).toBeUndefined()
})

test('what was allowed, what has no ports, the process of newer systems, and what the log could not keep are read', () => {
  expect(
    read('2021-06-22 12:20:00 ALLOW TCP 192.0.2.7 198.51.100.9 50000 443 0 - 0 0 0 - - - SEND 4242'),
  ).toMatchObject({
    event: { type: ['connection', 'allowed'] },
    network: { transport: 'tcp', direction: 'egress' },
    process: { pid: 4242 },
  })
  expect(read('2021-06-22 12:20:00 DROP ICMP 192.0.2.7 198.51.100.9 - - 60 - - - - 8 0 - RECEIVE')).toMatchObject({
    network: { transport: 'icmp' },
    tidewaiter: { icmp: { type: '8', code: '0' } },
  })
  expect(read('2021-06-22 12:20:00 DROP 2 192.0.2.7 224.0.0.22 - - 40 - - - - - - - RECEIVE')?.network).toMatchObject({
    iana_number: '2',
  })
  expect(read('2021-06-22 12:20:00 INFO-EVENTS-LOST - - - - - - - - - - - - 77 -')).toMatchObject({
    event: { action: 'info-events-lost', type: ['info'] },
    tidewaiter: { lost: 77 },
  })
})

test('headers stay text, and what is no line of it is said to be none', () => {
  expect(read('#Version: 1.5')).toMatchObject({ event: { dataset: 'windows-firewall' }, message: '#Version: 1.5' })
  expect(read('')?.error).toBeUndefined()
  expect(read(dropped.replace(' RECEIVE', ''))?.error).toBeDefined()
  expect(read(dropped.replace('06-22', '13-22'))?.error).toBeDefined()
})

describe.skipIf(isMissing('windows_firewall'))('the log of a laptop (shared data)', () => {
  test('holds what was counted in it', async () => {
    expect(await packetAccuracy()).toEqual({ records: 3000, right: 3000, wrong: 0, missed: 0, differences: [] })
  })
})
