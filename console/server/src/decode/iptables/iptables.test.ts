import { describe, expect, test } from 'vitest'
import { labelAccuracy } from '../crowdsec.fixture.ts'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf, recordedLines } from '../recorded.fixture.ts'
import { isMissing } from '../shared-data.fixture.ts'
import { iptables } from './index.ts'

// Recorded from the kernel's log with nftables 1.0.6 (`fixtures/record-netfilter.sh`).
const lines = recordedLines('netfilter.log')
const events = eventsOf(decoderById('syslog'), lines, { context: { zone: { name: 'UTC', basis: '' }, year: 2026 } })

test('a packet has its ends, its protocol, its interface and what the prefix of its rule says', () => {
  expect(events[0]).toMatchObject({
    event: { dataset: 'iptables', category: ['network'], type: ['connection', 'denied'], action: 'packet-dropped' },
    source: { ip: '127.0.0.1', port: 45_160, mac: '00-00-00-00-00-00' },
    destination: { ip: '127.0.0.1', port: 54_222 },
    network: { type: 'ipv4', transport: 'tcp', direction: 'ingress', bytes: 60 },
    observer: { ingress: { interface: { name: 'lo' } } },
    tidewaiter: { prefix: '[UFW BLOCK]', tcp_flags: ['SYN'] },
  })
})

test('IPv6, UDP, ICMP and what a process of the host sends are read as well', () => {
  expect(
    events.map(({ event, source, network, user, tidewaiter }) => ({
      action: event.action,
      source,
      network,
      user,
      tidewaiter,
    })),
  ).toMatchObject([
    {},
    { source: { ip: '::1' }, network: { type: 'ipv6', transport: 'tcp' } },
    { network: { transport: 'udp', bytes: 29 }, tidewaiter: { prefix: 'DROP-IN:' }, action: 'packet-dropped' },
    { action: 'connection-allowed', user: { id: '0' }, network: { direction: 'egress' } },
    { action: 'connection-allowed', network: { transport: 'icmp' }, tidewaiter: { icmp: { type: '8', code: '0' } } },
    { action: 'packet-logged', network: { transport: 'ipv6-icmp' }, tidewaiter: { icmp: { type: '128' } } },
  ])
})

test('dmesg and ulogd have the same packets without the name of a program', () => {
  const [, text = ''] = /kernel: (.*)$/.exec(lines[0] ?? '') ?? []
  const emulated = `Nov 27 02:03:04 vm ${text.replace(/^\[[^\]]*\] /, '')}`

  for (const line of [text, emulated]) {
    expect(decoderByContent(Buffer.from(`${line}\n`)).id).toBe('iptables')
    expect(eventsOf(decoderById('iptables'), [line])[0]).toMatchObject({
      event: { action: 'packet-dropped' },
      destination: { port: 54_222 },
    })
  }
  expect(decoderByContent(Buffer.from(`${lines.join('\n')}\n`)).id).toBe('syslog')
})

test('the journal carries the same packets, of the kernel itself', () => {
  const [, text = ''] = /kernel: \[[^\]]*\] (.*)$/.exec(lines[0] ?? '') ?? []
  const entry = `__REALTIME_TIMESTAMP=1795700061129055\n_TRANSPORT=kernel\nSYSLOG_IDENTIFIER=kernel\nPRIORITY=4\nMESSAGE=${text}\n`

  expect(eventsOf(decoderById('journald'), [entry])[0]).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21.129055Z',
    event: { dataset: 'iptables', action: 'packet-dropped' },
    destination: { port: 54_222 },
  })
})

test('a packet that is quoted in an ICMP error is not the one that came', () => {
  expect(
    iptables.decode(
      'IN=eth0 OUT= MAC= SRC=192.0.2.7 DST=198.51.100.9 LEN=88 TOS=0x00 PREC=0xC0 TTL=64 ID=1 PROTO=ICMP TYPE=3 CODE=3 [SRC=198.51.100.9 DST=203.0.113.9 LEN=60 PROTO=UDP SPT=53 DPT=53 LEN=40 ] ',
      'kernel',
    ),
  ).toMatchObject({ source: { ip: '192.0.2.7' }, destination: { ip: '198.51.100.9' }, network: { transport: 'icmp' } })
  expect(iptables.decode('IN=eth0 OUT= no packet', 'kernel')).toBeUndefined()
})

describe.skipIf(isMissing('service_logs_crowdsec', 'login_web_crowdsec'))('packets of real hosts (shared data)', () => {
  test('have the address, the protocol and the host that CrowdSec reads', async () => {
    const folders = ['service_logs_crowdsec/iptables-logs', 'login_web_crowdsec/iptables-scan-multi-port']
    const { records, right, differences } = await labelAccuracy(folders, { year: 2026 })

    expect(differences).toEqual([])
    expect(right).toBe(records)
    expect(records).toBeGreaterThan(20)
  })
})
