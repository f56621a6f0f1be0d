import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cpuMs } from '../cpu.fixture.ts'
import { isMissing, linesOf, pathOf } from '../shared-data.fixture.ts'
import { bytesOf, ends, eventsOfFile, flowsOf, pcapFile, tcpFrame, udpFrame } from './packet.fixture.ts'
import { datagramProtocols, streamProtocols } from './protocol/index.ts'

const folders = ['pcap_ndpi', 'pcap_zeek'] as const
const samples = isMissing(...folders)
  ? []
  : folders.flatMap((folder) =>
      readdirSync(pathOf(folder))
        .filter((name) => name !== 'flows.json')
        .map((name) => readFileSync(pathOf(`${folder}/${name}`))),
    )

describe.skipIf(samples.length === 0)('captures of other tools’ tests (shared data)', () => {
  test('have only fields that ECS knows, and only network types', () => {
    const known = new Set(linesOf('schema_ecs/ecs_fields.csv').map((line) => line.split(',')[3] ?? ''))
    const fields = new Set<string>()
    for (const event of samples.flatMap(eventsOfFile)) {
      for (const field of leaves(event)) fields.add(field)
      expect(event.message).toBeTypeOf('string')
      if (event.error !== undefined) continue
      expect(event.event.category).toEqual(['network'])
      expect(['connection', 'protocol', 'info']).toEqual(expect.arrayContaining([...(event.event.type ?? [])]))
    }

    expect([...fields].filter((field) => !known.has(field))).toEqual([])
  })

  test('are read to their end without an error', () => {
    for (const sample of samples) for (const { error } of eventsOfFile(sample)) expect(error).toBeUndefined()
  })

  test('may be changed anywhere: what comes out can be written, and every packet is counted once', () => {
    const small = samples.filter(({ length }) => length < 20_000)
    const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(
        fc.constantFrom(...small),
        changes,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sample, all, cut) => {
          const bytes = Buffer.from(sample.subarray(0, Math.ceil(sample.length * (cut < 0.7 ? 1 : cut))))
          // The first bytes stay, or nothing would be read.
          for (const [place, value] of all)
            bytes[Math.min(bytes.length - 1, 28 + Math.floor(place * bytes.length))] = value
          const events = eventsOfFile(bytes)

          JSON.stringify(events)
          const flows = flowsOf(events).reduce((sum, { network }) => sum + (network as { packets: number }).packets, 0)
          const capture = events.at(-1)?.tidewaiter.capture as Record<string, number> | undefined
          const { packets = 0, not_ip = 0, fragments = 0, damaged = 0, unknown_link = 0 } = capture ?? {}
          expect(flows + not_ip + fragments + damaged + unknown_link).toBe(packets)
        },
      ),
      { numRuns: 300 },
    )
  })
})

test('every protocol looks at any bytes without throwing', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(...beginnings()))
  fc.assert(
    fc.property(bytes, bytes, (asks, answers) => {
      for (const { finds } of streamProtocols) finds(asks, answers)
      const [one, two] = [asks, answers].map((part) => [{ bytes: part, length: part.length }])
      for (const { finds } of datagramProtocols) finds(one ?? [], two ?? [], { address: '192.0.2.1' })
    }),
    { numRuns: 500 },
  )
})

test('bytes by chance, and text by chance, have no name', () => {
  const parts = [fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 200 }).map((text) => bytesOf(text))]
  fc.assert(
    fc.property(fc.oneof(...parts), fc.oneof(...parts), (asks, answers) => {
      fc.pre(asks.length > 0)
      expect(streamProtocols.filter(({ finds }) => finds(asks, answers)).map(({ name }) => name)).toEqual([])
      const datagram = [{ bytes: asks, length: asks.length }]
      expect(
        datagramProtocols.filter(({ finds }) => finds(datagram, [], { address: '' })).map(({ name }) => name),
      ).toEqual([])
    }),
    { numRuns: 2000, seed: 1 },
  )
})

/** Beginnings of messages, cut off everywhere. */
function beginnings(): Uint8Array[] {
  const texts = [
    'GET / HTTP/1.1\r\nHost: a\r\n',
    '220 ESMTP\r\n',
    '*1\r\n$4\r\nPING\r\n',
    'd1:ad2:id20:',
    'RFB 003.008\n',
    'SSH-2.0-a\r\n',
  ]
  const messages = [
    ...texts.map((text) => bytesOf(text)),
    Buffer.from('160301007a010000760303', 'hex'),
    Buffer.from('300c020101600702010304008000', 'hex'),
  ]
  return messages.flatMap((message) => Array.from({ length: message.length }, (_, i) => message.subarray(0, i + 1)))
}

test.each([
  ['line ends', '\n'],
  ['blanks', ' '],
  ['slashes', '/'],
  ['colons', 'a:'],
  ['requests', 'GET '],
  ['headers', 'GET / HTTP/1.1\r\na:b\r\n'],
  ['names', 'NICK '],
  ['zeros', '\0'],
  ['pointers', '\xc0\x0c'],
  ['records of TLS', '\x17\x03\x03\x00\x00'],
  ['packets of MQTT', '\xc0\x00'],
  ['numbers', '*1\r\n$1\r\n'],
])('two thousand flows of nothing but %s take no longer than their bytes do', (_, text) => {
  const payload = text.repeat(1400 / text.length)
  const count = 2000
  const frames = Array.from({ length: count }, (_, i) => ({
    bytes: (i % 2 === 0 ? tcpFrame : frameOf)({ ...ends, fromPort: 1024 + i }, { payload }),
    seconds: 1_700_000_000,
  }))
  const startedAt = cpuMs()
  expect(flowsOf(eventsOfFile(pcapFile(frames)))).toHaveLength(count)

  // 2.8 MB; a second for each at most.
  expect(cpuMs() - startedAt).toBeLessThan(2800)
})

const frameOf = (of: typeof ends, { payload = '' }: { payload?: string }) => udpFrame(of, payload)

/** Names of the leaves of a document; those of lists of objects are the fields of the objects. */
function* leaves(value: object, prefix = ''): Generator<string> {
  for (const [name, member] of Object.entries(value)) {
    if (prefix === '' && name === 'tidewaiter') continue
    const isList = Array.isArray(member) && typeof member[0] === 'object'
    if (isList) for (const one of member) yield* leaves(one, `${prefix}${name}.`)
    else if (typeof member === 'object' && member !== null && !Array.isArray(member))
      yield* leaves(member, `${prefix}${name}.`)
    else yield `${prefix}${name}`
  }
}
