import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newFakeHost } from '../../host.fixture.ts'
import type { Host } from '../../host.ts'
import type { Taken } from '../collector.ts'
import { EntryCutter } from './entries.ts'
import { journal } from './index.ts'

const mebibyte = 1024 * 1024

test('entries come out the same however the stream is cut', () => {
  const field = fc.oneof(
    fc
      .tuple(name(), fc.string({ unit: 'binary-ascii' }))
      .map(([key, text]) => `${key}=${text.replaceAll('\n', ' ')}\n`),
    fc
      .tuple(name(), fc.string({ unit: fc.constantFrom('\n', '\0', '=', 'x') }))
      .map(([key, text]) => binary(key, text)),
  )
  const entry = fc.array(field, { minLength: 1, maxLength: 6 })

  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 40 })), (entries, cuts) => {
      const expected = entries.map((fields, i) => `__CURSOR=s=${i}\n${fields.join('')}`)
      const stream = Buffer.from(expected.map((each) => `${each}\n`).join(''), 'latin1')
      const cutter = new EntryCutter()
      const pieces = pushAll(cutter, stream, cuts)

      expect(pieces.map(({ bytes }) => bytes.toString('latin1'))).toEqual(expected)
      expect(pieces.map(({ cursor }) => cursor)).toEqual(entries.map((_, i) => `s=${i}`))
      expect(pieces.every(({ ends, part }) => ends && part === undefined)).toBe(true)
    }),
  )
})

test('an entry over the limit comes in parts of the limit, and is never held as a whole', () => {
  const text = `__CURSOR=s=1\n${binary('DATA', 'x'.repeat(2 * mebibyte))}`
  const cutter = new EntryCutter()

  const pieces = pushAll(cutter, Buffer.from(`${text}\n__CURSOR=s=2\nA=b\n\n`, 'latin1'), [65_536])

  expect(pieces.map(({ bytes, part, ends, cursor }) => [bytes.length, part, ends, cursor])).toEqual([
    [mebibyte, 1, false, 's=1'],
    [mebibyte, 2, false, 's=1'],
    [text.length - 2 * mebibyte, 3, true, 's=1'],
    [17, undefined, true, 's=2'],
  ])
})

test('a field that says it has more bytes than can be counted is skipped byte by byte and not believed', () => {
  const cutter = new EntryCutter()
  const head = Buffer.concat([Buffer.from('__CURSOR=s=1\nDATA\n'), Buffer.alloc(8, 0xff)])

  expect(cutter.push(head)).toEqual([])
  expect(cutter.push(Buffer.alloc(mebibyte, '\n')).map(({ part }) => part)).toEqual([1])
})

test('a machine without journalctl, or without a journal, says why and what to do', async () => {
  const host = newFakeHost()
  expect(await take(host)).toMatchObject([{ state: 'not-enabled', why: expect.stringContaining('journalctl') }])

  host.has = () => true
  expect(await take(host)).toMatchObject([{ state: 'not-enabled', fix: expect.not.stringContaining('systemctl') }])

  host.list = async (folder) => (folder === '/run/systemd' ? ['journal', 'system'] : [])
  expect(await take(host)).toMatchObject([{ state: 'not-enabled', fix: expect.stringContaining('systemctl') }])
})

test('the first entry after a restart is the one that was read last, and is left out', async () => {
  const { host, asked } = withJournal(['__CURSOR=s=1\nA=1\n\n__CURSOR=s=2\nA=2\n\n'])

  const taken = await take(host, { cursor: 's=1' })

  expect(asked[0]).toContain('--cursor=s=1')
  expect(taken).toMatchObject([
    { chunks: [{ head: { start: { cursor: 's=2' } }, lengths: [17] }], next: { cursor: 's=2' } },
  ])
})

test('another first entry means that the one read last is gone', async () => {
  const { host } = withJournal(['__CURSOR=s=7\nA=7\n\n'])

  const taken = await take(host, { cursor: 's=1' })

  expect(taken).toMatchObject([{ lost: { count: null } }, { chunks: [{ lengths: [17] }], next: { cursor: 's=7' } }])
})

test('between the parts of an entry the position names the part, and a kill there repeats none of them', async () => {
  const big = `__CURSOR=s=2\nA=${'x'.repeat(2 * mebibyte)}\n\n`
  const journal = [
    '__CURSOR=s=1\nA=1\n\n',
    big.slice(0, mebibyte + 10),
    big.slice(mebibyte + 10),
    '__CURSOR=s=3\nA=3\n\n',
  ]

  const whole = await take(withJournal(journal).host)

  expect(whole.map((each) => ('next' in each ? each.next : each))).toEqual([
    { cursor: 's=1' },
    { cursor: 's=2;part=1' },
    { cursor: 's=2' },
    { cursor: 's=3' },
  ])
  for (const [i, before] of whole.entries()) {
    const place = 'next' in before && 'cursor' in before.next ? before.next : undefined
    const { host, asked } = withJournal(journal.slice(place?.cursor === 's=1' ? 0 : place?.cursor === 's=3' ? 3 : 1))
    const rest = await take(host, place)
    expect(asked[0]).toContain(`--cursor=${place?.cursor.split(';')[0]}`)
    expect(rest.filter((each) => 'lost' in each)).toEqual([])
    expect(bytesOf(whole.slice(0, i + 1)) + bytesOf(rest)).toBe(bytesOf(whole))
  }
})

test('a kill between the parts of an entry that is deleted meanwhile is a loss', async () => {
  const { host } = withJournal(['__CURSOR=s=7\nA=7\n\n'])

  const taken = await take(host, { cursor: 's=1;part=2' })

  expect(taken).toMatchObject([{ lost: { count: null } }, { chunks: [{ lengths: [17] }], next: { cursor: 's=7' } }])
})

test('the journal is history until it reaches the present, and waits for its turn between', async () => {
  const { host, asked } = withJournal([100_000, 50_000, 0].map((agoMs) => entryAt(newFakeHost().now() - agoMs)))
  let turns = 0
  const history = {
    sinceMs: Number.NEGATIVE_INFINITY,
    placeOf: () => undefined,
    mayGoOn: () => ++turns % 2 === 0,
  }
  // Only who waits for a turn is woken: the journal itself is never silent here.
  host.sleep = (ms) => (ms < 1000 ? Promise.resolve() : new Promise(() => {}))

  const taken = await Array.fromAsync(journal.collect(host, new AbortController().signal, { ...from(), history }))

  expect(asked[0]).not.toContainEqual(expect.stringContaining('--since'))
  expect(taken.map((each) => ('backfill' in each ? each.backfill?.told : each))).toEqual([
    { unit: 'millisecond', done: 0, total: 100_000, finishedAt: null },
    { unit: 'millisecond', done: 50_000, total: 100_000, finishedAt: null },
    { unit: 'millisecond', done: 100_000, total: 100_000, finishedAt: expect.any(String) },
  ])
  expect(turns).toBe(4)
})

test('of the journal no more days are asked for than there shall be', async () => {
  const { host, asked } = withJournal([])
  const history = { sinceMs: 86_400_000, placeOf: () => undefined, mayGoOn: () => true }

  await Array.fromAsync(journal.collect(host, new AbortController().signal, { ...from(), history }))

  expect(asked[0]).toContain('--since=@86400')
})

test('a silent journal says that it is alive', async () => {
  const { host, end } = withJournal([], { stays: true })
  const taken: Taken[] = []
  const done = (async () => {
    for await (const each of journal.collect(host, new AbortController().signal, from({ cursor: 's=1' })))
      taken.push(each)
  })()

  await host.advance(20_000)
  end()
  await done

  expect(taken).toEqual([
    { source: 'journal:system', chunks: [], next: { cursor: 's=1' } },
    { source: 'journal:system', chunks: [], next: { cursor: 's=1' } },
  ])
})

function entryAt(ms: number): string {
  return `__CURSOR=s=1;t=${(ms * 1000).toString(16)};x=2\nA=1\n\n`
}

function name() {
  return fc.stringMatching(/^[A-Z][A-Z_]{0,10}$/)
}

function binary(key: string, text: string): string {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return `${key}\n${length.toString('latin1')}${text}\n`
}

/** Pushes the stream in pieces of these lengths, over and over. */
function pushAll(cutter: EntryCutter, stream: Buffer, lengths: readonly number[]) {
  const pieces: ReturnType<EntryCutter['push']> = []
  for (let at = 0, i = 0; at < stream.length; i++) {
    const end = at + (lengths[i % lengths.length] ?? stream.length)
    pieces.push(...cutter.push(stream.subarray(at, end)))
    at = end
  }
  return pieces
}

function from(cursor?: { cursor: string }) {
  return { position: () => cursor, files: [], takeFull: () => false, before: new Map() }
}

function take(host: Host, cursor?: { cursor: string }): Promise<Taken[]> {
  return Array.fromAsync(journal.collect(host, new AbortController().signal, from(cursor)))
}

function bytesOf(taken: readonly Taken[]): string {
  const chunks = taken.flatMap((each) => ('chunks' in each ? each.chunks : []))
  return chunks.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('')
}

/** A machine whose journalctl writes this. */
function withJournal(output: string[], { stays = false } = {}) {
  const host = newFakeHost()
  const asked: (readonly string[])[] = []
  const ended = Promise.withResolvers<void>()
  host.has = () => true
  host.list = async () => ['3d1219c7c4c5404aaa1f6d2a48adfda4']
  host.run = async function* (_, args) {
    asked.push(args)
    yield* output.map((text) => Buffer.from(text, 'latin1'))
    if (stays) await ended.promise
  }
  return { host, asked, end: ended.resolve }
}
