import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { networkSettings } from './index.ts'

const read = (row: object) => eventsOf(networkSettings, [JSON.stringify(row)])[0]
const events = snapshotEvents(networkSettings, 'network-setting').map(({ event }) => event)

test('every row that was recorded is read', () => {
  expect(events.length).toBeGreaterThan(10)
  for (const event of events) expect(event).not.toHaveProperty('error')
})

test('a name server and a name with its address can be searched for', () => {
  expect(read({ kind: 'resolver', path: '/etc/resolv.conf', text: 'nameserver 192.0.2.53', line: 2 })).toMatchObject({
    event: { category: ['configuration'], action: 'resolver-seen' },
    file: { path: '/etc/resolv.conf' },
    related: { ip: ['192.0.2.53'] },
  })
  expect(read({ kind: 'host-name', path: '/etc/hosts', text: '203.0.113.9 bank.example # x' })).toMatchObject({
    related: { ip: ['203.0.113.9'], hosts: ['bank.example'] },
  })
  expect(read({ kind: 'resolver', path: '/etc/nsswitch.conf', text: 'hosts: files dns' })).not.toHaveProperty('related')
})

test('routes are told in addresses', () => {
  const four = { kind: 'route', iface: 'eth0', destination: '00000000', mask: '00000000', gateway: '010200C0' }
  expect(read({ ...four, metric: '100', flags: '0003' })).toMatchObject({
    message: '0.0.0.0/0 via 192.0.2.1 dev eth0',
    tidewaiter: { route: { to: '0.0.0.0/0', gateway: '192.0.2.1', interface: 'eth0', metric: 100 } },
  })
  expect(read({ ...four, destination: '000200C0', mask: '00FFFFFF', flags: '0001' })?.message).toBe(
    '192.0.2.0/24 dev eth0',
  )
  const six = { kind: 'route6', iface: 'eth0', destination: `fd${'0'.repeat(30)}`, prefix: '40', metric: '00000100' }
  expect(read({ ...six, gateway: '0'.repeat(32), flags: '00000001' })).toMatchObject({
    message: 'fd00::/64 dev eth0',
    tidewaiter: { route: { metric: 256 } },
  })
})

test('rules of a firewall stand table by table', () => {
  expect(read({ kind: 'firewall-tables', command: 'nft', tables: [] })?.message).toBe('nft: no rules')
  expect(events.find(({ message }) => message?.startsWith('nft inet planted: '))).toMatchObject({
    tidewaiter: { firewall: { command: 'nft', table: 'inet planted', rules: expect.stringContaining('policy drop') } },
  })
  const row = { kind: 'firewall', command: 'nft', table: 'inet filter', text: 'table inet filter {\n}', sha256: 'x' }
  expect(read(row)).toMatchObject({ tidewaiter: { firewall: { command: 'nft', rules: 'table inet filter {\n}' } } })
})

test('what is no such row says so', () => {
  for (const row of [
    { kind: 'route' },
    { kind: 'route6', destination: 'x' },
    { kind: 'firewall' },
    { kind: 'resolver' },
  ])
    expect(read(row)).toMatchObject({ event: { kind: 'pipeline_error' } })
})
