import { describe, expect, test } from 'vitest'
import { labelAccuracy } from '../crowdsec.fixture.ts'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf, recorded, recordedLines } from '../recorded.fixture.ts'
import { isMissing } from '../shared-data.fixture.ts'

// The text is tcpdump's own, of packets that were made for it (`fixtures/record-pflog.sh`), in the zone of New York.
const context = { zone: { name: 'America/New_York', basis: 'given by hand' } }
const events = eventsOf(decoderById('pf'), recordedLines('pflog.txt'), { context })

test('what tcpdump shows of a log of packets has both ends, the rule and what became of the packet', () => {
  expect(events[0]).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21.129055Z',
    event: { dataset: 'pf', type: ['connection', 'denied'], action: 'packet-dropped', reason: 'match' },
    source: { ip: '192.0.2.7', port: 52_234 },
    destination: { ip: '198.51.100.9', port: 22 },
    network: { transport: 'tcp', direction: 'ingress' },
    rule: { id: '2' },
    observer: { ingress: { interface: { name: 'em0' } } },
    tidewaiter: { tcp_flags: 'S' },
  })
  expect(
    events
      .slice(1)
      .map(({ event, source, destination, network }) => ({ action: event.action, source, destination, network })),
  ).toMatchObject([
    { action: 'connection-allowed', destination: { port: 443 } },
    { source: { ip: '192.0.2.7', port: 50_000 }, destination: { port: 4500 } },
    { network: { transport: 'icmp', direction: 'egress' }, source: { ip: '192.0.2.7' } },
    { source: { ip: '2001:db8::7', port: 52_234 }, destination: { ip: '2001:db8::9', port: 3389 } },
  ])
  expect(decoderByContent(recorded('pflog.txt')).id).toBe('pf')
})

describe.skipIf(isMissing('login_web_crowdsec'))('sign-ins to the pages of firewalls (shared data)', () => {
  test('have the name and the address that CrowdSec reads', async () => {
    for (const [folder, year] of [
      ['login_web_crowdsec/opnsense-gui-auth', 2022],
      ['login_web_crowdsec/pfsense-gui-auth', 2026],
    ] as const) {
      const { records, right, differences } = await labelAccuracy([folder], { year })

      expect(differences).toEqual([])
      expect(right).toBe(records)
      expect(records).toBeGreaterThan(4)
    }
  })
})
