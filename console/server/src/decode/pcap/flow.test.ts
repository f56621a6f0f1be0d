import { expect, test } from 'vitest'
import {
  acknowledgement,
  back,
  bytesOf,
  ends,
  ethernet,
  eventsOfFile,
  fin,
  flowsOf,
  four,
  hex,
  ipv4,
  ipv6,
  pcapFile,
  reset,
  summaryOf,
  syn,
  tcp,
  tcpFrame,
  two,
  udp,
  udpFrame,
} from './packet.fixture.ts'

const request = 'GET /a?b=1 HTTP/1.1\r\nHost: broker.example:8080\r\nUser-Agent: curl/8\r\n\r\n'
const answers = back(ends)

test('a connection is one flow with both directions, from its SYN to its end', () => {
  const frames = [
    tcpFrame(ends, { flags: syn, sequence: 100 }),
    tcpFrame(answers, { flags: syn | acknowledgement, sequence: 500 }),
    tcpFrame(ends, { sequence: 101, payload: request }),
    tcpFrame(answers, {
      sequence: 501,
      payload: 'HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=x\r\n\r\n',
    }),
    tcpFrame(ends, { flags: fin | acknowledgement, sequence: 101 + request.length }),
    tcpFrame(answers, { flags: fin | acknowledgement, sequence: 561 }),
  ]
  const [flow, ...more] = flowsOf(eventsOfFile(pcapFile(frames)))

  expect(more).toEqual([])
  expect(flow).toMatchObject({
    '@timestamp': '2023-11-14T22:13:20.000000Z',
    event: {
      action: 'network-flow',
      category: ['network'],
      type: ['connection', 'protocol'],
      duration: 5e9,
      reason: 'Both sides finished.',
    },
    source: { ip: '192.0.2.1', port: 50_000, packets: 3 },
    destination: { ip: '198.51.100.2', port: 443, packets: 3 },
    network: { transport: 'tcp', type: 'ipv4', protocol: 'http', packets: 6 },
    http: { request: { method: 'GET' }, response: { status_code: 404, mime_type: 'text/html' }, version: '1.1' },
    url: { original: '/a?b=1', path: '/a', query: 'b=1', domain: 'broker.example', port: 8080 },
    user_agent: { original: 'curl/8' },
    tidewaiter: { record: 'file:24', tcp: { end: 'fin', flags: { source: ['fin', 'syn', 'acknowledgement'] } } },
  })
})

test('a capture that begins with the answer to a SYN knows who asked', () => {
  const [flow] = flowsOf(eventsOfFile(pcapFile([tcpFrame(answers, { flags: syn | acknowledgement })])))

  expect(flow).toMatchObject({ source: { ip: '192.0.2.1', packets: 0 }, destination: { packets: 1 } })
})

test('segments that come twice, late or with other bytes do not change what was said first', () => {
  const [one, two, three] = [request.slice(0, 10), request.slice(10, 30), request.slice(30)]
  const at = (offset: number, payload: string) =>
    tcpFrame(ends, { sequence: (0xffff_fff0 + 1 + offset) >>> 0, payload })
  const frames = [
    tcpFrame(ends, { flags: syn, sequence: 0xffff_fff0 }),
    at(30, three),
    at(0, one),
    at(0, 'XXXXXXXXXX'),
    // A probe of a connection that is alive sends the byte before once more.
    at(-1, 'Z'),
    at(5, one.slice(5) + two),
    at(10, two),
  ]

  expect(flowsOf(eventsOfFile(pcapFile(frames)))).toMatchObject([{ url: { original: '/a?b=1' }, http: {} }])
})

test('bytes that are missing are not closed over', () => {
  const frames = [
    tcpFrame(ends, { flags: syn, sequence: 0 }),
    tcpFrame(ends, { sequence: 1, payload: 'GET / HTT' }),
    tcpFrame(ends, { sequence: 11, payload: '/1.1\r\n\r\n' }),
  ]

  expect(flowsOf(eventsOfFile(pcapFile(frames)))[0]).not.toHaveProperty('network.protocol')
})

test('a reset ends a connection, and the next SYN between the same ports begins another', () => {
  const frames = [
    tcpFrame(ends, { flags: syn, sequence: 1 }),
    tcpFrame(answers, { flags: reset, sequence: 0 }),
    tcpFrame(ends, { flags: syn, sequence: 7000 }),
    tcpFrame(ends, { flags: syn, sequence: 7000 }),
    tcpFrame(ends, { flags: syn, sequence: 9000 }),
  ]

  expect(flowsOf(eventsOfFile(pcapFile(frames))).map(({ event, source }) => [event.reason, source])).toMatchObject([
    ['One side reset the connection.', { packets: 1 }],
    ['Another connection between the same ports followed.', { packets: 2 }],
    ['The capture ended.', { packets: 1 }],
  ])
})

test('a flow ends when nothing was said for as long as its transport allows', () => {
  const times = [0, 60, 121, 121 + 59]
  const datagrams = times.map((seconds) => ({ bytes: udpFrame(ends, 'x'), seconds: 1_700_000_000 + seconds }))
  const segments = [0, 300, 601].map((seconds) => ({
    bytes: tcpFrame(ends, { payload: 'x' }),
    seconds: 1_700_000_000 + seconds,
  }))

  const packetsOf = (file: Uint8Array) =>
    flowsOf(eventsOfFile(file)).map(({ source }) => (source as { packets: number }).packets)
  expect(packetsOf(pcapFile(datagrams))).toEqual([2, 2])
  expect(packetsOf(pcapFile(segments))).toEqual([2, 1])
})

test('times that go back neither end flows nor make a duration below zero', () => {
  const frames = [5000, 0, 4990, 1].map((seconds) => ({ bytes: udpFrame(ends, 'x'), seconds: 1_700_000_000 + seconds }))
  for (const { event } of flowsOf(eventsOfFile(pcapFile(frames)))) expect(event.duration).toBeGreaterThanOrEqual(0)
})

test('more flows than are held at once are told early, the oldest first, and none is lost', () => {
  const count = 70_000
  const frames = Array.from({ length: count }, (_, i) => ({
    bytes: tcpFrame({ ...ends, from: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }, { flags: syn }),
    seconds: 1_700_000_000,
  }))
  const flows = flowsOf(eventsOfFile(pcapFile(frames)))

  expect(flows).toHaveLength(count)
  const early = flows.filter(
    ({ event }) => event.reason === 'The flow was told early: no more than 65536 flows are followed at once.',
  )
  expect(early).toHaveLength(count - 65_536)
  expect(early[0]?.source).toMatchObject({ ip: '10.0.0.0' })
})

test('ICMP has no ports, and question and answer are one flow', () => {
  const echo = (type: number, of: typeof ends) => ethernet(ipv4(1, of, bytesOf(type, 0, two(0), four(0))))
  const unreachable = ethernet(ipv4(1, answers, bytesOf(3, 1, two(0), four(0))))
  const flows = flowsOf(eventsOfFile(pcapFile([echo(8, ends), echo(0, answers), unreachable])))

  expect(flows).toMatchObject([
    {
      network: { transport: 'icmp' },
      source: { packets: 1 },
      destination: { packets: 1 },
      tidewaiter: { icmp: { type: 8 } },
    },
    { source: { ip: '198.51.100.2' }, tidewaiter: { icmp: { type: 3, code: 1 } } },
  ])
  expect(flows[0]?.source).not.toHaveProperty('port')
})

test('later pieces of a packet have no ports and are counted', () => {
  const first = ethernet(ipv4(17, ends, udp(ends, bytesOf('begin')), 0x2000))
  const later = ethernet(ipv4(17, ends, bytesOf('and the rest'), 0x2001))
  const events = eventsOfFile(pcapFile([first, later]))

  expect(flowsOf(events)).toMatchObject([{ source: { port: 50_000, packets: 1 } }])
  expect(summaryOf(events)?.tidewaiter.capture).toMatchObject({ fragments: 1 })
})

const inner = ipv4(6, ends, tcp(ends, { payload: request }))
const outer = { from: '203.0.113.1', to: '203.0.113.2', fromPort: 1111, toPort: 2222 }

test.each([
  ['IP in IP', ipv4(4, outer, inner), 'ipip'],
  ['GRE', ipv4(47, outer, bytesOf(hex('00000800'), inner)), 'gre'],
  ['GRE with a key and a number', ipv4(47, outer, bytesOf(hex('30000800 00000001 00000002'), inner)), 'gre'],
  ['Ethernet in GRE', ipv4(47, outer, bytesOf(hex('00006558'), ethernet(inner))), 'gre'],
  ['VXLAN on any port', ipv4(17, outer, udp(outer, bytesOf(hex('0800000000002a00'), ethernet(inner)))), 'vxlan'],
  ['GTP on any port', ipv4(17, outer, udp(outer, bytesOf(0x30, 0xff, two(inner.length), four(7), inner))), 'gtp-u'],
  [
    'GTP with an extension',
    ipv4(17, outer, udp(outer, bytesOf(0x34, 0xff, two(inner.length + 8), four(7), hex('00000085 01100100'), inner))),
    'gtp-u',
  ],
])('the flow is the inner one in %s, and the tunnel is noted', (_, packet, type) => {
  expect(flowsOf(eventsOfFile(pcapFile([ethernet(packet)])))).toMatchObject([
    {
      source: { ip: '192.0.2.1', port: 50_000 },
      network: { protocol: 'http' },
      tidewaiter: { tunnel: [{ type, source: '203.0.113.1', destination: '203.0.113.2' }] },
    },
  ])
})

test('tunnels within tunnels are followed a few steps', () => {
  let packet = inner
  for (let i = 0; i < 50; i++) packet = ipv4(4, outer, packet)
  const [flow] = flowsOf(eventsOfFile(pcapFile([ethernet(packet)])))

  expect(flow?.tidewaiter.tunnel).toHaveLength(4)
})

test('IPv6 is read through headers that extend it, as far as a bound', () => {
  const payload = udp(ends, bytesOf('x'))
  const options = (next: number, count: number): Buffer =>
    count === 0 ? payload : bytesOf(count === 1 ? 17 : next, 0, hex('010400000000'), options(next, count - 1))

  const flow = (frames: Buffer) => flowsOf(eventsOfFile(pcapFile([ethernet(frames, 0x86dd)])))[0]
  expect(flow(ipv6(0, options(60, 3)))).toMatchObject({
    network: { type: 'ipv6', transport: 'udp' },
    source: { ip: '2001:db8::1', port: 50_000 },
  })
  expect(flow(ipv6(60, options(60, 100)))).not.toHaveProperty('source.port')
})

const ip = ipv4(17, ends, udp(ends, bytesOf('x')))

test.each([
  ['VLAN', 1, ethernet(bytesOf(two(7), two(0x0800), ip), 0x8100), { vlan: { id: '7' } }],
  [
    'VLAN in VLAN',
    1,
    ethernet(bytesOf(two(7), two(0x8100), two(8), two(0x0800), ip), 0x88a8),
    { vlan: { id: '7' }, inner: { vlan: { id: '8' } } },
  ],
  ['MPLS', 1, ethernet(bytesOf(hex('00010040 00011140'), ip), 0x8847), {}],
  ['PPPoE', 1, ethernet(bytesOf(hex('11000001'), two(ip.length + 2), two(0x21), ip), 0x8864), {}],
  ['SNAP', 1, bytesOf(hex('020000000002 020000000001'), two(ip.length + 8), hex('aaaa03000000'), two(0x0800), ip), {}],
  ['BSD loopback, little-endian', 0, bytesOf(hex('02000000'), ip), {}],
  ['BSD loopback, big-endian', 108, bytesOf(hex('00000002'), ip), {}],
  ['IP alone', 101, ip, {}],
  ['PPP', 9, bytesOf(hex('ff030021'), ip), {}],
  ['PPP with short fields', 9, bytesOf(0x21, ip), {}],
  ['Cisco HDLC', 104, bytesOf(hex('0f000800'), ip), {}],
  ['Linux, cooked', 113, bytesOf(hex('0000 0001 0006 0200000000010000 0800'), ip), {}],
  ['Linux, cooked, version 2', 276, bytesOf(hex('0800 0000 00000001 0001 00 06 0200000000010000'), ip), {}],
  ['radio', 127, bytesOf(hex('0000 0800 00000000 8801 0000'), Buffer.alloc(20), hex('0000 aaaa03000000 0800'), ip), {}],
])('packets of %s are read', (_, linkType, frame, network) => {
  expect(flowsOf(eventsOfFile(pcapFile([frame], { linkType })))).toMatchObject([
    { source: { ip: '192.0.2.1', port: 50_000 }, network },
  ])
})
