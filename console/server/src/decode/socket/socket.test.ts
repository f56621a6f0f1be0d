import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { toSocketEnd } from './address.ts'
import { sockets } from './index.ts'

const read = (row: object, method = '/proc/net/tcp', holds: 'all' | 'appeared' | 'ended' = 'all') =>
  eventsOf(sockets, [JSON.stringify({ uid: 0, inode: '48', processes: [], ...row })], {
    head: { method, pass: { number: 1, rows: 1, holds } },
  })[0]

test('addresses stand in words of the machine, ports in network order', () => {
  expect(toSocketEnd('0100007F:20FB')).toEqual({ address: '127.0.0.1', ip: '127.0.0.1', port: 8443 })
  expect(toSocketEnd('00000000000000000000000001000000:0016')).toMatchObject({ ip: '::1', port: 22 })
  expect(toSocketEnd('B80D0120000000000000000007000000:01BB')).toMatchObject({ ip: '2001:db8::7', port: 443 })
  expect(toSocketEnd('0000000000000000FFFF00000700020A:0000')).toMatchObject({ ip: '10.2.0.7', port: 0 })
  for (const text of ['', '0100007F', '0100007F:', '0100007:0016', '0100007G:0016', '0100007F:00160', ' 0100007F:0016'])
    expect(toSocketEnd(text)).toBeUndefined()
})

test('a connection to a service goes out from the own end, one to an own service comes in', () => {
  const beacon = { local_address: '6F0200C0:C3CA', rem_address: '4D7100CB:0035', st: '01' }
  const visit = { local_address: '6F0200C0:0016', rem_address: '4D7100CB:4E20', st: '01' }

  expect(read(beacon)).toMatchObject({
    event: { category: ['network'], type: ['connection', 'info'] },
    source: { ip: '192.0.2.111', port: 50_122 },
    destination: { ip: '203.0.113.77', port: 53 },
    network: { transport: 'tcp', type: 'ipv4', direction: 'egress' },
    tidewaiter: { own_end: 'source', state: 'established' },
    message: 'tcp 192.0.2.111:50122 to 203.0.113.77:53 established',
  })
  expect(read(visit)).toMatchObject({
    source: { ip: '203.0.113.77', port: 20_000 },
    destination: { ip: '192.0.2.111', port: 22 },
    network: { direction: 'ingress' },
    tidewaiter: { own_end: 'destination' },
  })
})

test('where the ports do not tell who came, the own end is the source and no direction is said', () => {
  const event = read({ local_address: '6F0200C0:C3CA', rem_address: '4D7100CB:C3CB', st: '01' })

  expect(event).toMatchObject({ source: { ip: '192.0.2.111' }, tidewaiter: { own_end: 'source' } })
  expect(event?.network).not.toHaveProperty('direction')
})

test('what waits for peers is a destination', () => {
  expect(read({ local_address: '00000000:0016', rem_address: '00000000:0000', st: '0A' })).toMatchObject({
    event: { type: ['info'], action: 'listening' },
    destination: { ip: '0.0.0.0', port: 22 },
  })
  const udp = read(
    { local_address: '0100007F:158A', rem_address: '00000000:0000', st: '07' },
    '/proc/net/udp',
    'appeared',
  )
  expect(udp).toMatchObject({
    event: { type: ['start'], action: 'bound-started' },
    tidewaiter: { state: 'unconnected' },
  })
  expect(udp).not.toHaveProperty('source')
})

test('recorded connections begin once and end once, whatever states they go through', () => {
  const events = snapshotEvents(sockets, 'socket').map(({ holds, event }) => {
    const ports = [event.source, event.destination].map((end) => (end === undefined ? '' : JSON.stringify(end)))
    return {
      holds,
      what: `${event.event.type}`,
      state: event.tidewaiter.state,
      key: `${event.tidewaiter.own_end} ${ports}`,
    }
  })
  const client = events.filter(({ key }) => key.startsWith('source') && key.includes('"port":8443'))

  expect(client.map(({ holds, what, state }) => `${holds}: ${what} ${state}`)).toEqual([
    'appeared: connection,start established',
    'ended: connection,end established',
    'appeared: connection,info time-wait',
  ])
  for (const { what } of events.filter(({ holds }) => holds === 'all')) expect(what).not.toMatch(/start|end/)
})

test('the last that the kernel holds of a connection ends without a second end, and without a user', () => {
  const event = read(
    { local_address: '0100007F:DC50', rem_address: '0100007F:20FB', st: '06', inode: '0' },
    '/proc/net/tcp',
    'ended',
  )

  expect(event?.event).toMatchObject({ type: ['connection', 'info'] })
  expect(event).not.toHaveProperty('user')
})

test('an attempt and a connection that closes are told apart from one that begins', () => {
  const ends = { local_address: '6F0200C0:C3CA', rem_address: '4D7100CB:0035' }

  expect(read({ ...ends, st: '02' }, '/proc/net/tcp', 'appeared')?.event.action).toBe('connection-attempted')
  expect(read({ ...ends, st: '08' }, '/proc/net/tcp', 'appeared')?.event.action).toBe('connection-closing')
  expect(read({ ...ends, st: '01' }, '/proc/net/udp', 'appeared')).toMatchObject({ network: { transport: 'udp' } })
})

test('the processes that hold it are named', () => {
  const processes = [
    { pid: 7, starttime: 33, comm: 'nginx' },
    { pid: 8, starttime: 34, comm: 'nginx' },
    { pid: 'x' },
    null,
  ]
  const ends = { local_address: '6F0200C0:C3CA', rem_address: '4D7100CB:0035', st: '01' }

  expect(read({ ...ends, uid: 33, processes })).toMatchObject({
    process: { pid: 7, entity_id: '7.33', name: 'nginx' },
    user: { id: '33' },
    tidewaiter: { processes: [{ pid: 7 }, { pid: 8 }] },
  })
  expect(read(ends)).not.toHaveProperty('process')
})

test('a record that is no row says so', () => {
  const good = { local_address: '0100007F:20FB', rem_address: '00000000:0000', st: '0A' }
  for (const row of [
    {},
    { ...good, st: '0D' },
    { ...good, st: '' },
    { ...good, st: 1 },
    { ...good, local_address: '7F' },
  ])
    expect(read(row)).toMatchObject({ error: { message: expect.any(String) } })
})
