import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BatchEvent, decodeBatch, endState } from './batch.ts'
import { isCut } from './made-of.ts'
import { bytesOf, decodeAll, hostId, numbered, type Piece, pack, piecesOf, readAgain } from './packing.fixture.ts'
import { recorded, recordedChunks, recordedLines, snapshotSources } from './recorded.fixture.ts'

const lines = recordedLines('classic.log').map((line) => Buffer.from(line, 'latin1'))
const whole = (bytes: Uint8Array): Piece => ({ bytes, marks: {} })

const anyLine = fc.oneof(
  fc.constantFrom(...lines),
  fc.constantFrom(...lines),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.map((byte) => (byte === 10 ? 0 : byte))),
)
const anyStream = fc
  .array(
    fc.record({
      bytes: anyLine,
      parts: fc.integer({ min: 1, max: 5 }),
      openAt: fc.option(fc.nat(60), { nil: undefined, freq: 5 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) => piecesOf(all.map(({ openAt, ...line }) => (openAt === undefined ? line : { ...line, openAt }))))
/** As a stream, of which some pieces are lost on the way. */
const anyDamagedStream = fc
  .tuple(anyStream, fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }))
  .map(([pieces, losses]) => pieces.map((piece, i) => ({ ...piece, isLost: losses[i % losses.length] === true })))
const anyBreaks = fc
  .array(fc.constantFrom('batch', 'chunk', 'none', 'none'), { minLength: 1, maxLength: 60 })
  .map((all) => (i: number) => all[i % all.length] ?? 'none')

describe('however a stream of lines is cut into chunks and batches', () => {
  test('its events are the same', () => {
    fc.assert(
      fc.property(fc.oneof(anyStream, anyDamagedStream), anyBreaks, (pieces, breaks) => {
        const [one, other] = [pack(pieces, () => 'none'), pack(pieces, breaks)]

        expect(numbered(other, decodeAll(other))).toEqual(numbered(one, decodeAll(one)))
      }),
    )
  })

  test('each event is found again in its own records alone', () => {
    fc.assert(
      fc.property(fc.oneof(anyStream, anyDamagedStream), anyBreaks, (pieces, breaks) => {
        const batches = pack(pieces, breaks)

        for (const made of decodeAll(batches)) expect(readAgain(batches, made)).toEqual([made.event])
      }),
    )
  })

  test('what is kept between two batches and beside an event stays within its bounds', () => {
    fc.assert(
      fc.property(anyStream, anyBreaks, (pieces, breaks) => {
        for (const batch of pack(pieces, breaks)) {
          const changed = decodeBatch(batch, {
            state: () => undefined,
            take: ({ context }) => expect((context ?? '').length).toBeLessThanOrEqual(1024),
          })
          for (const state of changed.values()) expect((state ?? '').length).toBeLessThanOrEqual(65_536)
        }
      }),
    )
  })
})

test('lines that came in parts give the documents of lines that came whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...lines), fc.integer({ min: 1, max: 16 })), { minLength: 1, maxLength: 8 }),
      (all) => {
        const cut = pack(piecesOf(all.map(([bytes, parts]) => ({ bytes, parts }))), () => 'batch')
        const uncut = pack(
          all.map(([bytes]) => whole(bytes)),
          () => 'none',
        )
        const document = ({ event }: { event: object }) =>
          JSON.stringify(event, (key, value) => (/^records?$/.test(key) ? undefined : value))

        expect(decodeAll(cut).map(document)).toEqual(decodeAll(uncut).map(document))
      },
    ),
  )
})

test('a line that had no LF yet is an event, and again when it is complete', () => {
  const bytes = lines.find((line) => line.includes('sudo:')) ?? expect.fail('no recording')
  const [head, tail] = [bytes.subarray(0, 40), bytes.subarray(40)]
  const batches = pack([{ bytes: head, marks: { open: true } }, whole(tail)], () => 'batch')

  const [early, late] = decodeAll(batches)

  expect(early?.event).toMatchObject({ event: { original: head.toString() }, tidewaiter: { record: `${hostId}/1/0` } })
  expect(late).toMatchObject({
    event: {
      event: { original: bytes.toString(), dataset: expect.not.stringMatching('text') },
      tidewaiter: { record: `${hostId}/1/0`, records: [`${hostId}/1/0`, `${hostId}/2/0`] },
    },
    seq: 1,
    index: 0,
    context: '{"records":["1/0","2/0"]}',
  })
})

test('a line of which only the LF was missing is not told twice', () => {
  const bytes = lines[0] ?? expect.fail('no recording')
  const batches = pack([{ bytes, marks: { open: true } }, whole(Buffer.alloc(0)), whole(bytes)], () => 'none')

  expect(decodeAll(batches).map(({ index }) => index)).toEqual([0, 2])
})

test('a line whose rest never came says so, and so does one whose beginning is not here', () => {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = lines
  const rest: Piece[] = [
    { bytes: first.subarray(0, 30), marks: { part: 1 } },
    { bytes: second.subarray(20), marks: { part: 3, last: true } },
    whole(second),
  ]

  const events = decodeAll(pack(rest, () => 'none')).map(({ event }) => event)

  expect(events.map(({ error }) => error?.message)).toEqual([
    'The rest of this line is not here.',
    'The beginning of this line is not here.',
    undefined,
  ])
  expect(events[0]).toMatchObject({ '@timestamp': expect.any(String) })
  expect(events[1]).toMatchObject({ event: { kind: 'pipeline_error' } })
})

test('a beginning that is no longer held is an event that says so, and the next line is read', () => {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = lines
  const batches = pack(
    piecesOf([
      { bytes: first, parts: 2 },
      { bytes: second, parts: 1 },
    ]),
    (i) => (i === 1 ? 'batch' : 'none'),
  )
  const states = decodeBatch(batches[0] ?? expect.fail(), { state: () => undefined, take: () => {} })
  const events: object[] = []

  decodeBatch(batches[1] ?? expect.fail(), {
    state: (source) => states.get(source) ?? undefined,
    take: ({ event }) => events.push(event),
  })

  expect(events).toMatchObject([
    { error: { message: 'The beginning of this line is not here.' } },
    { event: { original: second.toString() } },
  ])
})

test('what is open in a source that is kept no more is told as far as it came, says that it was cut, and says so when it is read again', () => {
  const line = lines[0] ?? expect.fail()
  const [first, second] = [line.subarray(0, 30), line.subarray(30)]
  const parts: Piece[] = [
    { bytes: first, marks: { part: 1 } },
    { bytes: second, marks: { part: 2 } },
  ]
  const audit = ['SYSCALL arch=c000003e syscall=59 success=yes', 'CWD cwd="/root"'].map(
    (text) => `type=${text.replace(' ', ' msg=audit(1764000000.123:77): ')}`,
  )
  const [began = expect.fail(), group = expect.fail()] = [
    pack(parts, () => 'none'),
    pack(
      audit.map((text) => whole(Buffer.from(text))),
      () => 'none',
    ),
  ]
  for (const { chunks } of group) for (const chunk of chunks) chunk.head.source = 'log-file:/var/log/audit/audit.log'

  const cut = ended(began)

  expect(cut).toMatchObject([
    {
      event: { event: { original: line.toString() }, error: { message: 'The rest of this line is not here.' } },
      ...{ seq: 1, index: 0, context: '{"records":["1/0","1/1"],"cut":true}' },
    },
  ])
  expect(cut.map((made) => readAgain(began, made))).toEqual(cut.map(({ event }) => [event]))
  const [told = expect.fail(), ...others] = ended(group)
  expect(others).toEqual([])
  expect(told.event).toMatchObject({ event: { dataset: 'auditd' }, error: { message: expect.stringMatching(/cut/) } })
  expect(told.event.tidewaiter.records).toHaveLength(2)
  expect(isCut(told.context)).toBe(true)
  // A line that had no LF yet was told when it came.
  expect(ended(pack([{ bytes: line, marks: { open: true } }], () => 'none'))).toEqual([])
})

test('a hostile run of parts without end is given up at sixteen', () => {
  const parts = Array.from({ length: 40 }, (_, i): Piece => ({ bytes: Buffer.from('x'), marks: { part: i + 1 } }))
  const events = decodeAll(pack(parts, () => 'batch'))

  expect(events.map(({ event }) => event.tidewaiter.records?.length ?? 1)).toEqual([16, 16])
  for (const { event } of events) expect(event.error?.message).toBeTypeOf('string')
})

test('records of a fork are named by its branch', () => {
  const [batch] = pack([whole(lines[0] ?? expect.fail())], () => 'none')
  const ids: string[] = []

  decodeBatch(batch ?? expect.fail(), {
    host: `${hostId}~01234567`,
    state: () => undefined,
    take: ({ event }) => ids.push(event.tidewaiter.record),
  })

  expect(ids).toEqual([`${hostId}~01234567/1/0`])
})

test('a file that begins to be lines of syslog within one source is read as that from there on', () => {
  const source = 'log-file:/srv/app/own.txt'
  const batches = pack([whole(Buffer.from('plain text')), whole(lines[0] ?? expect.fail())], () => 'chunk')
  for (const { chunks } of batches) for (const chunk of chunks) chunk.head.source = source

  expect(decodeAll(batches).map(({ event }) => event.event.dataset)).toEqual([
    'text',
    expect.not.stringMatching('text'),
  ])
})

test('an entry of the journal that came in parts is read as one', () => {
  const entry = recorded('journal.export').subarray(0, recorded('journal.export').indexOf('\n\n') + 1)
  const batches = pack(piecesOf([{ bytes: entry, parts: 5 }]), () => 'batch')
  for (const { chunks } of batches)
    for (const chunk of chunks) Object.assign(chunk.head, { source: 'journal:system', start: { cursor: 's=1;i=a' } })

  expect(decodeAll(batches)).toMatchObject([
    { event: { event: { dataset: 'shadow', original: entry.toString() }, tidewaiter: { records: expect.any(Array) } } },
  ])
})

test('journal entries, login records and rows are read out of the chunks they were sealed in', () => {
  const journal = recorded('journal.export')
    .toString('latin1')
    .split('\n\n')
    .slice(0, 3)
    .map((entry) => `${entry}\n`)
  const datasets = (source: string, records: readonly (string | Uint8Array)[]) => {
    const batches = pack(
      records.map((record) => whole(Buffer.from(record))),
      () => 'none',
    )
    for (const { chunks } of batches) for (const chunk of chunks) chunk.head.source = source
    return new Set(decodeAll(batches).map(({ event }) => event.event.dataset))
  }

  expect(datasets('journal:system', journal)).toEqual(new Set(['shadow']))
  expect(datasets('login:wtmp', [recorded('wtmp').subarray(0, 384)])).toEqual(new Set(['utmp']))
  for (const source of snapshotSources)
    expect(datasets(source, recordedChunks(source)[0]?.records ?? [])).toEqual(new Set([source]))
})

/** Events of what a batch leaves open, where its sources are kept no more. */
function ended(batches: ReturnType<typeof pack>): BatchEvent[] {
  const [batch = expect.fail()] = batches
  const events: BatchEvent[] = []
  const changed = decodeBatch(batch, { state: () => undefined, take: () => {} })
  for (const [source, state] of changed)
    if (state !== null)
      endState(state, {
        ...{ source, header: batch.header },
        earlier: (id) => bytesOf(batches, id),
        take: (made) => events.push(made),
      })
  return events
}
