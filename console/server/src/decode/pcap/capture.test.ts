import { expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { pcap } from './index.ts'
import {
  block,
  bytesOf,
  ends,
  errorsOf,
  eventsOfFile,
  flowsOf,
  four,
  hex,
  little,
  pcapFile,
  summaryOf,
  two,
  udpFrame,
} from './packet.fixture.ts'

const frame = udpFrame(ends, 'hello')

test.each([
  ['microseconds, little-endian', 0xa1b2c3d4, true, '2023-11-14T22:13:20.123456Z'],
  ['microseconds, big-endian', 0xa1b2c3d4, false, '2023-11-14T22:13:20.123456Z'],
  ['nanoseconds, little-endian', 0xa1b23c4d, true, '2023-11-14T22:13:20.000123456Z'],
  ['nanoseconds, big-endian', 0xa1b23c4d, false, '2023-11-14T22:13:20.000123456Z'],
  ['Kuznetzov’s 8 bytes more', 0xa1b2cd34, true, '2023-11-14T22:13:20.123456Z'],
])('a pcap file with %s gives its times with the digits it has', (_, magic, isLittle, at) => {
  const file = pcapFile([{ bytes: frame, seconds: 1_700_000_000, fraction: 123_456 }], { magic, isLittle })

  expect(pcap.detects(file)).toBe(true)
  expect(flowsOf(eventsOfFile(file))).toMatchObject([
    { '@timestamp': at, event: { start: at, end: at, duration: 0 }, source: { ip: '192.0.2.1', port: 50_000 } },
  ])
})

test.each([
  ['little-endian', true],
  ['big-endian', false],
])('all kinds of packet blocks of pcapng are read, %s, with what was lost', (_, isLittle) => {
  const order = (value: Buffer) => (isLittle ? little(value) : value)
  const [w, h] = [(value: number) => order(four(value)), (value: number) => order(two(value))]
  // 1 700 000 000.5 s in units of 2^-20 s.
  const units = 1_700_000_000n * 2n ** 20n + 2n ** 19n
  const time = bytesOf(w(Number(units >> 32n)), w(Number(units & 0xffff_ffffn)))
  const length = w(frame.length)
  const file = bytesOf(
    block(0x0a0d0d0a, bytesOf(w(0x1a2b3c4d), h(1), h(0), hex('ffffffffffffffff')), isLittle),
    block(1, bytesOf(h(1), h(0), w(0), h(9), h(1), 0x80 + 20, 0, 0, 0, w(0)), isLittle),
    block(6, bytesOf(w(0), time, length, length, frame), isLittle),
    block(2, bytesOf(h(0), h(0xffff), time, length, length, frame), isLittle),
    block(3, bytesOf(length, frame), isLittle),
    block(0x0bad, bytesOf('a block that nobody knows'), isLittle),
    block(5, bytesOf(w(0), time, h(5), h(8), isLittle ? bytesOf(w(7), w(0)) : bytesOf(w(0), w(7)), w(0)), isLittle),
  )
  const events = eventsOfFile(file)

  expect(errorsOf(events)).toEqual([])
  expect(flowsOf(events)).toMatchObject([
    { event: { start: '2023-11-14T22:13:20.500000000Z' }, source: { packets: 3, bytes: 3 * frame.length } },
  ])
  expect(summaryOf(events)?.tidewaiter.capture).toMatchObject({ packets: 3, dropped: 7 })
})

test('a second section has interfaces and a byte order of its own', () => {
  const section = (isLittle: boolean, linkType: number, bytes: Uint8Array) => {
    const order = (value: Buffer) => (isLittle ? little(value) : value)
    const [w, h] = [(value: number) => order(four(value)), (value: number) => order(two(value))]
    return bytesOf(
      block(0x0a0d0d0a, bytesOf(w(0x1a2b3c4d), h(1), h(0), hex('ffffffffffffffff')), isLittle),
      block(1, bytesOf(h(linkType), h(0), w(0)), isLittle),
      block(6, bytesOf(w(0), w(0x60a24), w(0x181e4000), w(bytes.length), w(bytes.length), bytes), isLittle),
    )
  }
  const events = eventsOfFile(bytesOf(section(true, 1, frame), section(false, 101, frame.subarray(14))))

  expect(errorsOf(events)).toEqual([])
  expect(flowsOf(events)).toMatchObject([{ source: { packets: 2, bytes: 2 * frame.length - 14 } }])
})

test('an interface that adds seconds to its times is believed', () => {
  const w = (value: number) => little(four(value))
  const seconds = little(bytesOf(four(0), four(1_700_000_000)))
  const file = bytesOf(
    block(0x0a0d0d0a, bytesOf(w(0x1a2b3c4d), hex('01000000ffffffffffffffff'))),
    block(1, bytesOf(little(two(1)), two(0), w(0), little(two(14)), little(two(8)), seconds, w(0))),
    block(6, bytesOf(w(0), w(0), w(1_000_001), w(frame.length), w(frame.length), frame)),
  )

  expect(flowsOf(eventsOfFile(file))[0]?.['@timestamp']).toBe('2023-11-14T22:13:21.000001Z')
})

test('packets without a time give a flow without one', () => {
  const w = (value: number) => little(four(value))
  const file = bytesOf(
    block(0x0a0d0d0a, bytesOf(w(0x1a2b3c4d), hex('01000000ffffffffffffffff'))),
    block(1, bytesOf(little(two(1)), two(0), w(0))),
    block(3, bytesOf(w(frame.length), frame)),
  )
  const [flow] = flowsOf(eventsOfFile(file))

  expect(flow).toMatchObject({ source: { packets: 1 } })
  expect(flow).not.toHaveProperty('@timestamp')
  expect(flow?.event).not.toHaveProperty('start')
})

test('a file that breaks off says so where it does, and tells what came before', () => {
  const file = pcapFile([frame, frame])
  for (const missing of [1, frame.length, frame.length + 1, frame.length + 15]) {
    const events = eventsOfFile(file.subarray(0, file.length - missing))
    expect(errorsOf(events)).toEqual(['The capture breaks off here.'])
    expect(flowsOf(events)).toMatchObject([{ source: { packets: 1 } }])
  }
})

test('a packet of a gigabyte is no reason to hold it, nor to lose what follows', () => {
  const size = 3 * 1024 * 1024
  const file = pcapFile([frame, { bytes: bytesOf(frame, Buffer.alloc(size)) }, frame])
  const events = eventsOfFile(file)

  expect(errorsOf(events)).toEqual([])
  expect(flowsOf(events)).toMatchObject([{ source: { packets: 3, bytes: 3 * frame.length + size } }])

  const lying = Buffer.from(pcapFile([frame, frame]))
  lying.writeUInt32LE(0x4000_0000, 24 + 16 + frame.length + 8)
  expect(errorsOf(eventsOfFile(lying))).toEqual(['The capture breaks off here.'])
})

test('a length that no block has ends the reading with one remark', () => {
  const w = (value: number) => little(four(value))
  const header = block(0x0a0d0d0a, bytesOf(w(0x1a2b3c4d), hex('01000000ffffffffffffffff')))
  const events = eventsOfFile(bytesOf(header, w(6), w(13), Buffer.alloc(5 * 1024 * 1024, 1)))

  expect(errorsOf(events)).toEqual(['A block says a length that none can have: what follows cannot be read.'])
})

test('what was cut off by the capture, was not IP or has no link that is known is counted and told', () => {
  const cut = { bytes: frame.subarray(0, 44), length: 1500 }
  const file = pcapFile([
    frame,
    cut,
    bytesOf(hex('ffffffffffff020000000001 0806'), Buffer.alloc(28)),
    frame.subarray(0, 20),
  ])
  const events = eventsOfFile(file)

  expect(summaryOf(events)).toMatchObject({
    message: '4 packets were read; 1 were not captured whole; 1 are not IP; 1 have headers that cannot be read.',
    tidewaiter: { capture: { packets: 4, cut: 1, not_ip: 1, damaged: 1 } },
  })
  expect(flowsOf(events)).toMatchObject([{ source: { bytes: frame.length + 1500 } }])
  expect(summaryOf(eventsOfFile(pcapFile([frame], { linkType: 147 })))?.tidewaiter.capture).toMatchObject({
    unknown_link: 1,
    unknown_link_types: [147],
  })
})

test('reading that stops in the middle goes on, and says that open flows were given up', () => {
  const file = pcapFile([frame, frame])
  const record = (from: number, to: number) => ({ ...event0(file.subarray(from, to)), id: `file:${from}` })
  const first = pcap.start({})
  first.push(record(0, 24))
  first.push(record(24, 40 + frame.length))
  const state: unknown = JSON.parse(JSON.stringify(first.state()))
  const second = pcap.start({}, state)
  const events: Event[] = [...second.push(record(40 + frame.length, file.length)), ...second.end()]

  expect(errorsOf(events)).toEqual(['1 flows were open when reading stopped; what was before is not told.'])
  expect(flowsOf(events)).toMatchObject([{ source: { packets: 1 } }])
})

function event0(bytes: Uint8Array) {
  return {
    id: '',
    bytes,
    position: 0,
    head: { source: 'capture', readAt: '2026-11-25T19:00:00.000Z', method: 'file', unit: 'byte', lf: false } as never,
  }
}
