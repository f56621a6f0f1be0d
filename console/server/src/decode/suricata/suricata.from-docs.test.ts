import { expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { fromDocs } from '../from-docs.fixture.ts'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { suricata } from './index.ts'

// Written after docs.suricata.io, "EVE JSON Format": only alerts, flows and stats were at hand (`suricata.test.ts`).
const lines = fromDocs.suricata ?? []
const events = eventsOf(suricata, lines, { context: { zone: { name: 'America/New_York', basis: 'given by hand' } } })
const of = (log: string): Event => events.find(({ tidewaiter }) => tidewaiter.log === log) ?? expect.fail(log)

test('every row has its ends, its flow and its instant', () => {
  expect(events.filter(({ error }) => error !== undefined)).toEqual([])
  for (const event of events)
    expect(event).toMatchObject({
      '@timestamp': '2026-11-26T13:34:21.129055Z',
      source: { ip: '192.0.2.7' },
      destination: { ip: '198.51.100.9' },
      network: { transport: 'tcp' },
    })
})

test('names, requests, certificates and files are where ECS has them', () => {
  expect(of('dns')).toMatchObject({
    dns: { question: { name: 'a.example', type: 'A' }, resolved_ip: ['198.51.100.9'], response_code: 'NOERROR' },
  })
  expect(of('http')).toMatchObject({
    url: { domain: 'a.example', path: '/a', query: 'b' },
    http: { response: { status_code: 200 } },
    user_agent: { original: 'curl' },
  })
  expect(of('tls')).toMatchObject({
    tls: {
      version: '1.2',
      client: { server_name: 'a.example', ja3: 'e0fe397a5edfba9a6facc7c7b341f4eb' },
      server: { subject: 'CN=a.example', not_after: '2027-01-01T00:00:00Z' },
    },
  })
  expect(of('fileinfo')).toMatchObject({ file: { name: 'a.exe', hash: { md5: 'd41d8cd98f00b204e9800998ecf8427e' } } })
  expect(of('smtp')).toMatchObject({ email: { from: { address: ['ana@broker.example'] } } })
})

test('sign-ins over SMB, Kerberos and FTP say how they ended, and keep no password', () => {
  expect(of('smb')).toMatchObject({
    event: { outcome: 'failure', action: 'sign-in', reason: 'STATUS_LOGON_FAILURE' },
    user: { name: 'ana', domain: 'BROKER' },
  })
  expect(of('krb5')).toMatchObject({ event: { outcome: 'failure', action: 'sign-in' }, user: { name: 'ana' } })
  const { event, ...rest } = of('ftp')
  expect(event).toMatchObject({ outcome: 'failure', action: 'sign-in' })
  expect(JSON.stringify(rest)).not.toContain('secret-one')
})

test('a flow has both directions, and what nobody knows keeps its fields', () => {
  expect(of('flow')).toMatchObject({
    event: { action: 'network-flow', duration: 1_000_000_000, start: '2026-11-26T13:34:20.000000Z' },
    source: { bytes: 108, packets: 2 },
    destination: { bytes: 54, packets: 1 },
    network: { bytes: 162 },
  })
  expect(of('mqtt').tidewaiter.fields).toEqual({ connect: { client_id: 'x' } })
})

test('the short log says the same of a rule, in local time', () => {
  expect(events.at(-1)).toMatchObject({
    event: { category: ['intrusion_detection', 'network'], type: ['info', 'denied'], severity: 1 },
    rule: { id: '2024468', version: '3', name: 'ET WEB x', category: 'Attempted User Privilege Gain' },
    source: { port: 52812 },
  })
})

test('syslog carries both', () => {
  const before = 'Nov 26 08:34:21 fw suricata[7]: '
  const [row, short] = eventsOf(decoderById('syslog'), [`${before}${lines[0]}`, `${before}${lines.at(-1)?.slice(28)}`])

  expect(row).toMatchObject({ event: { dataset: 'suricata' }, dns: { question: { name: 'a.example' } } })
  expect(short).toMatchObject({ event: { dataset: 'suricata' }, rule: { id: '2024468' } })
})

test('a log is known by what it holds, and rows of others are not it', () => {
  expect(decoderByContent(Buffer.from(`${lines.slice(0, 5).join('\n')}\n`)).id).toBe('suricata')
  expect(decoderByContent(Buffer.from(`${lines.at(-1)}\n`)).id).toBe('suricata')
  expect(
    suricata.detects(Buffer.from('{"event_type":"x","timestamp":"2026-11-26T13:34:21Z","src_ip":"192.0.2.7"}\n')),
  ).toBe(false)
  expect(eventsOf(suricata, ['{"event_type":"x"}'])[0]?.error).toBeDefined()
})
