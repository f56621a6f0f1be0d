import { expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { sockets } from './index.ts'

/** Rows of lsof(8) (lsof.readthedocs.io/en/latest/manpage). */
const row = (name: string, more: object = {}) => ({
  ...{ protocol: 'TCP', type: 'IPv4', name, processes: [{ pid: 412, comm: 'My Tool', uid: 501 }] },
  ...more,
})
const read = (fields: object) => eventsOf(sockets, [JSON.stringify(fields)], { head: { method: 'lsof -nP -i' } })[0]

test('a connection of a Mac has both its ends and who holds it', () => {
  expect(read(row('192.0.2.7:50111->198.51.100.9:443', { state: 'ESTABLISHED' }))).toMatchObject({
    network: { transport: 'tcp', type: 'ipv4', direction: 'egress' },
    source: { ip: '192.0.2.7', port: 50111 },
    destination: { ip: '198.51.100.9', port: 443 },
    process: { pid: 412, name: 'My Tool' },
    user: { id: '501' },
    tidewaiter: { state: 'established', own_end: 'source' },
  })
})

test('what waits has one end, also on all addresses', () => {
  expect(read(row('[::1]:631', { type: 'IPv6', state: 'LISTEN' }))).toMatchObject({
    network: { type: 'ipv6' },
    destination: { ip: '::1', port: 631 },
    event: { action: 'listening' },
  })
  expect(read(row('*:5353', { protocol: 'UDP' }))).toMatchObject({
    destination: { ip: '0.0.0.0', port: 5353 },
    tidewaiter: { state: 'unconnected' },
  })
})

test('a name that holds no ends is no socket', () => {
  for (const name of ['x', '1.2.3.4:99999', 'a:1->b:2', '*:1->*:2->*:3'])
    expect(read(row(name))?.event.kind).toBe('pipeline_error')
})
