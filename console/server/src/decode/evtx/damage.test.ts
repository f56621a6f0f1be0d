import { describe, expect, test } from 'vitest'
import { recordOf } from '../recorded.fixture.ts'
import { eventsOfFile, liveEvents } from './accuracy.fixture.ts'
import { chunk, element, event, fileHead, fragment, seal, text } from './build.fixture.ts'
import { evtx } from './index.ts'

const record = (value: string) => fragment([event([element('Data', [text(value)], { Name: text('v') })])])
const three = () => chunk(['a', 'b', 'c'].map(record), { first: 10 })
const recordsIn = (bytes: Buffer) => Array.from(bytes.toString('latin1').matchAll(/\*\*\0\0/g), ({ index }) => index)
const valuesIn = (bytes: Buffer) =>
  liveEvents(bytes).map(({ winlog }) => (winlog as { event_data: { v: string } }).event_data.v)
const errorsIn = (bytes: Buffer) => eventsOfFile(bytes).flatMap(({ error }) => error?.message ?? [])

test('a file that is as it should be has nothing to remark', () => {
  const events = eventsOfFile(Buffer.concat([fileHead(), three(), three(), Buffer.alloc(65_536)]))

  expect(events).toHaveLength(6)
  expect(events.map(({ tidewaiter }) => tidewaiter.offset)).toEqual(
    [4096, 69_632].flatMap((from) => recordsIn(three()).map((at) => from + at)),
  )
  for (const { error, tidewaiter } of events) {
    expect(error).toBeUndefined()
    expect(tidewaiter).not.toHaveProperty('doubt')
    expect(tidewaiter).not.toHaveProperty('carved')
  }
})

describe('doubts that go with every event of a chunk', () => {
  const doubtsOf = (bytes: Buffer) => [...new Set(eventsOfFile(bytes).map(({ tidewaiter }) => tidewaiter.doubt))]

  test('its records were changed', () => {
    const bytes = three()
    bytes.writeUInt8(bytes.readUInt8(700) ^ 1, 700)

    expect(doubtsOf(bytes)).toEqual(['The records of the chunk do not have their checksum.'])
  })

  test('its head was changed', () => {
    const bytes = three()
    bytes.writeUInt8(1, 200)

    expect(doubtsOf(bytes)).toEqual(['The head of the chunk does not have its checksum.'])
    expect(valuesIn(bytes)).toEqual(['a', 'b', 'c'])
  })

  test('it has no checksums, or says that it has none', () => {
    const zeroed = three()
    zeroed.fill(0, 52, 56)
    zeroed.fill(0, 124, 128)

    for (const bytes of [zeroed, chunk([record('a')], { flags: 4 })])
      expect(doubtsOf(bytes)).toEqual(['The chunk has no checksums.'])
  })

  test('it does not say where its records end', () => {
    const bytes = three()
    bytes.fill(0, 48, 52)

    expect(doubtsOf(bytes)).toEqual(['The chunk does not say where its records end.'])
    expect(valuesIn(bytes)).toEqual(['a', 'b', 'c'])
  })
})

test('a file that was in use, is of another version or has no checksum says so once', () => {
  const [dirty, other] = [fileHead(1), fileHead()]
  other.writeUInt16LE(4, 38)

  expect(errorsIn(Buffer.concat([dirty, three()]))).toEqual([expect.stringContaining('was in use')])
  expect(errorsIn(Buffer.concat([other, three()]))).toEqual([
    expect.stringContaining('version 4'),
    expect.stringContaining('checksum'),
  ])
  expect(valuesIn(Buffer.concat([other, three()]))).toEqual(['a', 'b', 'c'])
})

describe('the records beside a broken one are read', () => {
  test('whose size is zero', () => {
    const bytes = three()
    const [, second = 0, third = 0] = recordsIn(bytes)
    bytes.writeUInt32LE(0, second + 4)

    expect(valuesIn(bytes)).toEqual(['a', 'c'])
    expect(eventsOfFile(bytes)[1]).toMatchObject({
      '@timestamp': '2019-05-12T18:10:42.4438123Z',
      event: { kind: 'pipeline_error' },
      error: { message: `Record 11 in bytes ${second} to ${third - 1} is broken or not whole.` },
      tidewaiter: { offset: second },
    })
  })

  test('that reaches beyond its chunk', () => {
    const bytes = three()
    bytes.writeUInt32LE(0x10_0000, (recordsIn(bytes)[1] ?? 0) + 4)

    expect(valuesIn(bytes)).toEqual(['a', 'c'])
    expect(errorsIn(bytes)).toEqual([expect.stringMatching(/^Record 11 in bytes/)])
  })

  test('whose beginning is gone', () => {
    const bytes = three()
    bytes.fill(0xee, recordsIn(bytes)[1], (recordsIn(bytes)[1] ?? 0) + 8)

    expect(valuesIn(bytes)).toEqual(['a', 'c'])
    expect(errorsIn(bytes)).toEqual([expect.stringMatching(/^No record can be told in bytes/)])
  })

  test('that holds something else', () => {
    const bytes = three()
    bytes.fill(0xee, (recordsIn(bytes)[1] ?? 0) + 30, (recordsIn(bytes)[1] ?? 0) + 60)

    expect(valuesIn(bytes)).toEqual(['a', 'c'])
    expect(errorsIn(bytes)).toEqual([expect.stringMatching(/^Record 11 at byte \d+ cannot be read: /)])
  })
})

test('a record that is not there, although nothing is broken, is missed', () => {
  const bytes = chunk([record('a'), record('b')], { first: 10 })
  bytes.writeBigUInt64LE(12n, 32)
  seal(bytes)

  expect(errorsIn(bytes)).toEqual(['The chunk says that it holds records 10 to 12, and 1 of them are not here.'])
})

test('what is in a last chunk that was cut off is read', () => {
  const bytes = three()
  const [, , third = 0] = recordsIn(bytes)
  const events = eventsOfFile(Buffer.concat([fileHead(), bytes.subarray(0, third + 100)]))

  expect(events).toMatchObject([
    { tidewaiter: { doubt: `The chunk ends after ${third + 100} of 65536 bytes.` } },
    { winlog: { event_data: { v: 'b' } } },
    { error: { message: expect.stringMatching(/^Record 12 in bytes/) } },
    {
      error: { message: expect.stringMatching(/cut off after \d+ of 65536 bytes.* records 10 to 12, and 2 are here/) },
    },
  ])
})

test('a last chunk that was cut off behind its records says so: more was left over there', () => {
  const bytes = three()
  const file = Buffer.concat([fileHead(), bytes.subarray(0, 30_000)])

  expect(valuesIn(file)).toEqual(['a', 'b', 'c'])
  expect(errorsIn(file)).toEqual([
    'The chunk is cut off after 30000 of 65536 bytes: it says that it holds records 10 to 12, and 3 are here. What was left over behind them is lost.',
  ])
})

test('a file that ends before all the chunks that its head counts is cut off', () => {
  const chunks = [three(), three()]

  for (const here of [0, 1])
    expect(eventsOfFile(Buffer.concat([fileHead(0, 2), ...chunks.slice(0, here)])).at(-1)).toMatchObject({
      error: { message: `The file is cut off here: its head counts 2 chunks, and ${2 - here} of them are not here.` },
      tidewaiter: { offset: 4096 + here * 65_536 },
    })
  // A file that was in use has more than its head counts.
  for (const counted of [1, 2]) expect(errorsIn(Buffer.concat([fileHead(0, counted), ...chunks]))).toEqual([])
})

test('chunks that come in several parts are counted over all of them', () => {
  const first = evtx.start({})
  first.push(recordOf(fileHead(0, 2)))
  const second = evtx.start({}, JSON.parse(JSON.stringify(first.state())))
  second.push(recordOf(three()))

  expect(second.end()).toHaveLength(1)
  second.push(recordOf(three()))
  expect([second.state(), second.end()]).toEqual([undefined, []])
})

test('what is left over behind the records is read and named so', () => {
  const bytes = chunk([record('a')], { leftOver: [record('old'), record('older')] })
  const [, old] = recordsIn(bytes)

  expect(eventsOfFile(bytes)).toMatchObject([
    { winlog: { event_data: { v: 'a' } } },
    { winlog: { event_data: { v: 'old' } }, tidewaiter: { carved: true, offset: old } },
    { winlog: { event_data: { v: 'older' } }, tidewaiter: { carved: true } },
  ])
  expect(valuesIn(bytes)).toEqual(['a'])
})

test('what is left over and cannot be read is named in one event', () => {
  const bytes = chunk([record('a')], { leftOver: [record('old'), record('older')] })
  for (const at of recordsIn(bytes).slice(1)) bytes.fill(0xee, at + 30, at + 60)
  const [, old, older] = recordsIn(bytes)

  expect(eventsOfFile(bytes).slice(1)).toMatchObject([
    {
      error: { message: expect.stringContaining(`record 1000 at byte ${old}, 1001 at byte ${older}.`) },
      tidewaiter: { carved: true },
    },
  ])
})

test('a chunk that lost its head keeps its records, and the chunks behind it their places', () => {
  const headless = three()
  headless.fill(0xee, 0, 512)
  const file = Buffer.concat([fileHead(), headless, three()])

  expect(errorsIn(file)).toEqual(['No chunk of an event log begins at byte 4096.'])
  expect(eventsOfFile(file).filter(({ tidewaiter }) => tidewaiter.carved === true)).toHaveLength(3)
  expect(valuesIn(file)).toEqual(['a', 'b', 'c'])
})

test('bytes that are missing do not hide the chunks behind them', () => {
  const file = Buffer.concat([fileHead(), Buffer.alloc(1000, 0xee), three()])

  expect(valuesIn(file)).toEqual(['a', 'b', 'c'])
})
