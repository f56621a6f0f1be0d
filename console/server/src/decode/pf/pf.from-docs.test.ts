import { expect, test } from 'vitest'
import { fromDocs } from '../from-docs.fixture.ts'
import { decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'

// Written after docs.netgate.com, "Raw Filter Log Format", and OPNsense's description of its own: no log was at hand.
const events = eventsOf(decoderById('syslog'), fromDocs.syslog ?? [])

test('a line of filterlog has both ends, the rule, the interface and what became of the packet', () => {
  expect(events[0]).toMatchObject({
    event: { dataset: 'pf', type: ['connection', 'denied'], action: 'packet-dropped', reason: 'match' },
    source: { ip: '192.0.2.7', port: 52_234 },
    destination: { ip: '198.51.100.9', port: 22 },
    network: { type: 'ipv4', transport: 'tcp', iana_number: '6', direction: 'ingress', bytes: 60 },
    rule: { id: '5', uuid: '1000000103' },
    observer: { ingress: { interface: { name: 'igb0' } } },
    tidewaiter: { tcp_flags: 'S' },
  })
})

test('IPv6, ICMP and the label of OPNsense are read as well', () => {
  expect(events[1]).toMatchObject({
    event: { action: 'connection-allowed' },
    source: { ip: '2001:db8::7', port: 50_000 },
    network: { type: 'ipv6', transport: 'udp', direction: 'egress' },
    rule: { id: '66', uuid: '02f4bab031b57d1e30553ce08e0ec131' },
  })
  expect(events[2]).toMatchObject({ network: { transport: 'icmp' }, source: { ip: '192.0.2.7' } })
})

test('a line that is cut off, or has no addresses, stays the text it is', () => {
  for (const { event, message } of events.slice(3)) {
    expect(event.dataset).toBe('syslog')
    expect(message).toBeTypeOf('string')
  }
  expect(events).toHaveLength(5)
})
