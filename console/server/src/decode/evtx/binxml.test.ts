import { describe, expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { eventsOfFile } from './accuracy.fixture.ts'
import {
  again,
  type BuiltValue,
  chunk,
  element,
  event,
  fragment,
  instance,
  join,
  name,
  type Part,
  slot,
  text,
  u16,
  u32,
  u64,
  wide,
} from './build.fixture.ts'

const dataOf = ({ winlog }: Event) => ({ ...(winlog as { event_data: Record<string, unknown> }).event_data })
const [data, hex] = [
  (content: readonly Part[]) => element('Data', content, { Name: text('v') }),
  (bytes: string) => Buffer.from(bytes, 'hex'),
]

/** What a value of a type becomes. */
function writtenAs(type: number, bytes: Buffer): unknown {
  const record = fragment([instance([event([data([slot(0)])])], [{ type, bytes }])])
  const [read] = eventsOfFile(chunk([record]))
  return read?.error ?? dataOf(read ?? expect.fail()).v
}

test.each<[string, number, Buffer, string]>([
  ['nothing', 0x00, Buffer.alloc(0), ''],
  ['text', 0x01, wide('Grüße\0'), 'Grüße'],
  ['text that ends within a character', 0x01, Buffer.concat([wide('abc'), hex('64')]), 'abc'],
  ['text in one byte each', 0x02, Buffer.from('abc\0'), 'abc'],
  ['8 bits', 0x03, hex('ff'), '-1'],
  ['8 bits without a sign', 0x04, hex('ff'), '255'],
  ['16 bits', 0x05, hex('feff'), '-2'],
  ['16 bits without a sign', 0x06, hex('feff'), '65534'],
  ['32 bits', 0x07, hex('ffffffff'), '-1'],
  ['32 bits without a sign', 0x08, hex('ffffffff'), '4294967295'],
  ['64 bits', 0x09, hex('ffffffffffffff7f'), '9223372036854775807'],
  ['64 bits below zero', 0x09, hex('ffffffffffffffff'), '-1'],
  ['64 bits without a sign', 0x0a, u64(2n ** 64n - 1n), '18446744073709551615'],
  ['64 bits beyond what a double holds', 0x0a, u64(9_007_199_254_740_993n), '9007199254740993'],
  ['a float', 0x0b, hex('cdcccc3d'), '0.1'],
  ['a double', 0x0c, hex('9a9999999999b93f'), '0.1'],
  ['yes', 0x0d, u32(1), 'true'],
  ['no', 0x0d, u32(0), 'false'],
  ['bytes', 0x0e, hex('00ff10'), '00FF10'],
  ['a GUID', 0x0f, hex('2596845478549449a5ba3e3b0328c30d'), '{54849625-5478-4994-a5ba-3e3b0328c30d}'],
  ['a size of 32 bits', 0x10, u32(0x1234), '0x1234'],
  ['a size of 64 bits', 0x10, u64(0x1_0000_0001n), '0x100000001'],
  ['a time in all its digits', 0x11, u64(132_021_582_424_438_123n), '2019-05-12T18:10:42.4438123Z'],
  ['a time beyond the years there are', 0x11, u64(2n ** 64n - 1n), '18446744073709551615'],
  ['a time in parts', 0x12, Buffer.concat([2019, 5, 0, 12, 18, 10, 42, 7].map(u16)), '2019-05-12T18:10:42.007'],
  ['a SID', 0x13, hex('0101000000000005' + '12000000'), 'S-1-5-18'],
  ['32 bits in hexadecimal', 0x14, u32(0x3e7), '0x3e7'],
  ['64 bits in hexadecimal', 0x15, hex('0000000000002080'), '0x8020000000000000'],
  ['a handle', 0x20, u32(16), '0x10'],
  ['XML as text', 0x23, wide('<a/>'), '<a/>'],
  ['numbers', 0x88, Buffer.concat([u32(1), u32(2)]), '1,2'],
  ['texts', 0x81, wide('a\0bc\0'), 'a,bc'],
  ['texts of one byte each', 0x82, Buffer.from('a\0bc\0'), 'a,bc'],
  ['SIDs', 0x93, hex('0101000000000005120000000101000000000005' + '13000000'), 'S-1-5-18,S-1-5-19'],
  ['too few bytes', 0x08, hex('0102'), '0102'],
  ['a type that is unknown', 0x55, hex('0102'), '0102'],
  ['an array that ends within an item', 0x88, hex('010000000200'), '1,0200'],
])('%s: type 0x%s', (_, type, bytes, expected) => {
  expect(String(writtenAs(type, bytes))).toBe(expected)
})

test('a record is a template with values, and the next names the same template', () => {
  const first = fragment([instance([event([data([slot(0)])])], [word('one')])])
  // Head of the chunk, head of the record, head of the fragment, instance.
  const definition = 512 + 24 + 4 + 10

  const events = eventsOfFile(chunk([first, fragment([again(definition, [word('two')])])]))

  expect(events.map(dataOf)).toEqual([{ v: 'one' }, { v: 'two' }])
  expect(events).toMatchObject([
    { event: { code: '7', provider: 'Test' }, winlog: { channel: 'Application' }, tidewaiter: { offset: 512 } },
    { event: { code: '7' } },
  ])
})

test('text is joined from values, references and sections', () => {
  const content = [
    text('a'),
    Buffer.concat([Buffer.from([0x08]), u16(0x20ac)]),
    join([Buffer.from([0x09]), name('amp')]),
    join([Buffer.from([0x09]), name('own')]),
    Buffer.concat([Buffer.from([0x07]), u16(2), wide('<b')]),
  ]
  const instruction = join([
    Buffer.from([0x0a]),
    name('target'),
    Buffer.concat([Buffer.from([0x0b]), u16(1), wide('x')]),
  ])

  const [read] = eventsOfFile(chunk([fragment([instruction, event([data([...content, instruction])])])]))

  expect(dataOf(read ?? expect.fail())).toEqual({ v: 'a€&&own;<b' })
})

test('values that are XML themselves become part of the event, with and without a template of their own', () => {
  const more: BuiltValue = { type: 0x21, bytes: Buffer.from(join([fragment([data([text('inner')])])])(0)) }
  const [read] = eventsOfFile(chunk([fragment([instance([event([slot(0)])], [more])])]))

  // Its names stand elsewhere than where they say: it was made for byte 0.
  expect(read?.error?.message).toContain('There is no name')
  const [other] = eventsOfFile(chunk([nested([data([text('inner')])])]))
  expect(dataOf(other ?? expect.fail())).toEqual({ v: 'inner' })
})

test('an optional value that is null leaves its attribute out, and its element empty', () => {
  const content = [
    element('Data', [slot(0, true)], { Name: text('v') }),
    element('Data', [text('b')], { Name: slot(0, true) }),
  ]
  const [read] = eventsOfFile(chunk([fragment([instance([event(content)], [{ type: 0, bytes: Buffer.alloc(0) }])])]))

  expect(dataOf(read ?? expect.fail())).toEqual({ v: '', param2: 'b' })
})

test('names of values cannot reach the prototype of anything', () => {
  const content = ['__proto__', 'constructor', 'v'].map((key) => element('Data', [text('x')], { Name: text(key) }))
  const [read] = eventsOfFile(chunk([fragment([event(content)])]))

  expect(JSON.stringify(read?.winlog)).toContain('"event_data":{"__proto__":"x","constructor":"x","v":"x"}')
  expect({}).not.toHaveProperty('x')
})

describe('what is made to be large', () => {
  const says = (record: Part) =>
    eventsOfFile(chunk([record, fragment([event([])])])).map(({ error, event: { code } }) => error?.message ?? code)

  test('a template that holds itself ends', () => {
    const definition = 512 + 24 + 4 + 10

    expect(says(fragment([instance([event([again(definition, [])])], [])]))).toEqual([
      expect.stringContaining('nested too deeply'),
      '7',
    ])
  })

  test('elements end at a depth', () => {
    let deep = data([text('x')])
    for (let i = 0; i < 100; i++) deep = element('a', [deep])

    expect(says(fragment([event([deep])]))).toEqual([expect.stringContaining('nested too deeply'), '7'])
  })

  test('a value that is named a thousand times is not written a thousand times', () => {
    const slots = Array.from({ length: 1000 }, () => slot(0))

    expect(says(fragment([instance([event([data(slots)])], [word('x'.repeat(20_000))])]))).toEqual([
      expect.stringContaining('larger than any event'),
      '7',
    ])
  })

  test('more values than there are bytes are none', () => {
    const count = Buffer.concat([Buffer.from([0x0c, 1]), Buffer.from('d0c1b2a3', 'hex'), u32(550), u32(0xffffffff)])

    expect(says(fragment([instance([event([])], []), count]))).toEqual([expect.stringContaining('ends too early'), '7'])
  })
})

function word(value: string): BuiltValue {
  return { type: 0x01, bytes: wide(value) }
}

/** A value that is a fragment, made for the byte at which it will stand. */
function nested(content: readonly Part[]): Part {
  return (at) => {
    const make = (from: number) => ({ type: 0x21, bytes: Buffer.from(join([fragment(content)])(from)) })
    const whole = join([fragment([instance([event([slot(0)])], [make(0)])])])(at)
    const size = make(0).bytes.length
    // The value is the last of the template; the end of the fragment follows.
    return join([fragment([instance([event([slot(0)])], [make(at + whole.length - 1 - size)])])])(at)
  }
}
