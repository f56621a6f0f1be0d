import { expect, test } from 'vitest'
import { newFakeHost } from '../../host.fixture.ts'
import type { From, Taken } from '../collector.ts'
import { eventsFrom } from './ask.ts'
import { channels } from './channels.ts'
import { cutEvents, textOfAnswer } from './cut-events.ts'
import { eventLogs } from './index.ts'

const source = 'event-log:Security'

/** Form of learn.microsoft.com/windows/win32/wes/eventschema-event-element; `wevtutil` gives it on one line. */
const event = (number: number, { id = 4624, data = 'x' } = {}) =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>${id}</EventID><EventRecordID>${number}</EventRecordID><Channel>Security</Channel></System><EventData><Data Name='A'>${data}</Data></EventData></Event>`

test('the first look takes all that the log holds, oldest first, each record at its own number', async () => {
  const taken = await takeFrom([event(11), event(12), event(15)])

  expect(taken).toMatchObject([
    { chunks: [{ head: { source, start: { number: 11 }, unit: 'row' } }], next: { number: 16 } },
  ])
  expect(numbersIn(taken)).toEqual([11, 12, 15])
  expect(textIn(taken)).toBe(`${event(11)}\n${event(12)}\n${event(15)}\n`)
})

test('after a restart it goes on behind the event that was read last, and takes none twice', async () => {
  const taken = await takeFrom([event(11), event(12), event(13)], 13)

  expect(numbersIn(taken)).toEqual([13])
  expect(taken.filter((each) => 'lost' in each)).toEqual([])
})

test('events that newer ones pushed out are a loss with their number', async () => {
  const taken = await takeFrom([event(20), event(21)], 13)

  expect(taken[0]).toMatchObject({ source, lost: { count: 7, cause: expect.stringContaining('no longer holds') } })
  expect(numbersIn(taken)).toEqual([20, 21])
})

test('a log that was cleared says so', async () => {
  const [loss] = await takeFrom([event(20, { id: 1102 })], 13)

  expect(loss).toMatchObject({ lost: { count: 7, cause: expect.stringContaining('cleared') } })
})

test('a log whose numbers begin anew is read from its beginning, and the break is said', async () => {
  const taken = await takeFrom([event(1), event(2)], 500)

  expect(taken[0]).toMatchObject({ lost: { count: null, cause: expect.stringContaining('anew') } })
  expect(numbersIn(taken)).toEqual([1, 2])
})

test('a query that gives nothing although there are events is a failure, not silence', async () => {
  const taken = await takeFrom([event(20)], 13, { isMute: true })

  expect(taken).toMatchObject([{ state: 'failed', why: expect.stringContaining('no events') }])
})

test('what names no number is read once, with the event behind it, and never alone', async () => {
  const odd = '<Event><System></System></Event>'
  expect(numbersIn(await takeFrom([event(11), odd, event(12), odd]))).toEqual([11, 12, 12])
  expect(await takeFrom([event(12), odd], 13)).toEqual([{ source, chunks: [], next: { number: 13 } }])
  expect(textIn(await takeFrom([event(12), odd, event(13)], 13))).toBe(`${odd}\n${event(13)}\n`)
  expect(await takeFrom([odd])).toMatchObject([{ state: 'failed', why: expect.stringContaining('no event') }])
})

test('a silent log is alive at its place, and a whole page is followed by the next one', async () => {
  expect(await takeFrom([event(12)], 13)).toEqual([{ source, chunks: [], next: { number: 13 } }])

  const many = Array.from({ length: 250 }, (_, i) => event(i + 1))
  expect(numbersIn(await takeFrom(many))).toEqual(many.map((_, i) => i + 1))
})

test('an event longer than a record may be goes in parts', async () => {
  const long = event(11, { data: 'x'.repeat(1_200_000) })

  const taken = await takeFrom([long, event(12)])

  expect(headsIn(taken).map(({ part, last }) => [part, last])).toEqual([
    [1, undefined],
    [2, true],
    [undefined, undefined],
  ])
  expect(textIn(taken)).toBe(`${long}\n${event(12)}\n`)
})

test('a log that is off, one that is not there and one that may not be read say what to do', async () => {
  const taken = await takeFrom([event(11)], undefined, { isOff: true, all: true })

  expect(taken).toContainEqual(
    expect.objectContaining({ source, state: 'not-enabled', fix: expect.stringContaining('/e:true') }),
  )
  expect(taken.filter((each) => 'why' in each && each.why.includes('no such log'))).toHaveLength(channels.length - 1)
  expect(await takeFrom('Access is denied.')).toMatchObject([{ state: 'failed', why: 'Access is denied.' }])
})

test('an element that an event holds within is no number of it, and what is no event is not lost', () => {
  const odd = `<Event><System></System><EventData><EventRecordID>7</EventRecordID></EventData></Event>`

  expect(cutEvents(`${odd}\r\n${event(3)}rest`)).toEqual([
    { xml: odd, number: undefined },
    { xml: event(3), number: 3 },
    { xml: 'rest', number: undefined },
  ])
})

test('an answer is read in UTF-16 with or without its mark, and in UTF-8', () => {
  for (const text of [Buffer.from('\ufeff<é>', 'utf16le'), Buffer.from('<é>', 'utf16le'), Buffer.from('<é>')])
    expect(textOfAnswer(text)).toBe('<é>')
})

test('the query holds nothing but numbers and a time', () => {
  expect(eventsFrom(7)).toBe('*[System[EventRecordID>=7]]')
  expect(eventsFrom(0, Date.parse('2026-11-01T00:00:00Z'))).toBe(
    "*[System[EventRecordID>=0 and TimeCreated[@SystemTime>='2026-11-01T00:00:00.000Z']]]",
  )
})

/** A machine whose log of security holds these events, or says this. */
function newLogHost(log: readonly string[] | string, { isMute = false, isOff = false } = {}) {
  const host = newFakeHost()
  const answer = (text: string) => Buffer.from(text, 'utf16le')
  host.has = () => true
  host.ask = async (_, [verb, , query = '', most = '', direction]) => {
    if (verb === 'el') return answer('Application2\r\nSecurity\r\n')
    if (verb === 'gl') return answer(`name: Security\r\nenabled: ${!isOff}\r\ntype: Admin\r\n`)
    if (typeof log === 'string') return { why: log }
    const from = Number(/>=(\d+)/.exec(query)?.[1] ?? 0)
    let last = 0
    const found = cutEvents(log.join('')).filter(({ number }) => {
      last = number ?? last
      return last >= from && !(isMute && from > 0)
    })
    if (direction === '/rd:true') found.reverse()
    return answer(
      found
        .slice(0, Number(most.slice('/c:'.length)))
        .map(({ xml }) => `${xml}\r\n`)
        .join(''),
    )
  }
  return host
}

/** What is taken within the first second, of the log of security. */
async function takeFrom(
  log: readonly string[] | string,
  next?: number,
  { all = false, ...how }: { isMute?: boolean; isOff?: boolean; all?: boolean } = {},
): Promise<Taken[]> {
  const host = newLogHost(log, how)
  const stop = new AbortController()
  const from: From = {
    position: (id) => (id === source && next !== undefined ? { number: next } : undefined),
    files: [],
    takeFull: () => true,
    before: new Map(),
  }
  const taken: Taken[] = []
  const reading = (async () => {
    for await (const each of eventLogs.collect(host, stop.signal, from)) taken.push(each)
  })()
  await host.advance(1_100)
  stop.abort()
  await reading
  return all ? taken : taken.filter((each) => each.source === source)
}

function chunksIn(taken: readonly Taken[]) {
  return taken.flatMap((each) => ('chunks' in each ? each.chunks : []))
}

function headsIn(taken: readonly Taken[]) {
  return chunksIn(taken).map(({ head }) => head)
}

function numbersIn(taken: readonly Taken[]): number[] {
  return chunksIn(taken).flatMap(({ lengths, jumps }) => {
    let at = 0
    return lengths.map((_, i) => {
      const here = jumps?.get(i) ?? at
      at = here + 1
      return here
    })
  })
}

function textIn(taken: readonly Taken[]): string {
  return Buffer.concat(chunksIn(taken).map(({ bytes }) => Buffer.from(bytes))).toString()
}
