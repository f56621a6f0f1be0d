import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newFakeHost } from '../../host.fixture.ts'
import type { Taken } from '../collector.ts'
import { macosUnifiedLog } from './index.ts'
import { newLineCutter } from './lines.ts'
import { cursorOf, placeIn, placeOf } from './place.ts'

const boot = '1F0E6C80-41B2-4E7C-9B0B-0A0A0A0A0A0A'

/** Fields as log(1) prints them with `--style ndjson` (keith.github.io/xcode-man-pages/log.1.html). */
function entry(mach: number, { second = mach, message = `entry ${mach}`, bootUUID = boot } = {}): string {
  const timestamp = `2026-11-27 10:00:${String(second).padStart(2, '0')}.063082-0500`
  return `${JSON.stringify({ eventMessage: message, bootUUID, timestamp, machTimestamp: mach, threadID: 9 })}\n`
}
const header = 'Filtering the log data using "process == "sudo""\n'
const footer = '{"count":2,"finished":1}\n'

/** A Mac whose `log` answers so, one command after the other. */
function newMacWithLog(answers: readonly string[]) {
  const host = newFakeHost()
  const asked: string[][] = []
  host.has = () => true
  host.run = async function* (command, args) {
    const answer = answers[asked.length] ?? ''
    asked.push([command, ...args])
    yield Buffer.from(answer)
  }
  return { host: { ...host, bootId: boot }, asked }
}

async function take({ host }: ReturnType<typeof newMacWithLog>, cursor?: { cursor: string }) {
  const from = { position: () => cursor, files: [], takeFull: () => false, before: new Map() }
  return Array.fromAsync(macosUnifiedLog.collect(host, new AbortController().signal, from))
}

function messagesOf(taken: readonly Taken[]): string[] {
  return taken
    .flatMap((each) => ('chunks' in each ? each.chunks : []))
    .flatMap(({ bytes }) => Buffer.from(bytes).toString().split('\n').slice(0, -1))
    .map((line) => JSON.parse(line).eventMessage)
}

test('what was there, what came meanwhile and what comes live are handed over once each', async () => {
  const mac = newMacWithLog([
    header + entry(1) + entry(2) + footer,
    header + entry(3, { bootUUID: '' }) + entry(4),
    entry(2) + entry(3) + footer,
  ])

  const taken = await take(mac)

  // A live entry may be without the start of the machine.
  expect(messagesOf(taken)).toEqual(['entry 1', 'entry 2', 'entry 3', 'entry 4'])
  expect(mac.asked.map(([, verb]) => verb)).toEqual(['show', 'stream', 'show'])
})

test('an entry that came late into what is there is not lost, and its time may differ from that of the live one', async () => {
  const mac = newMacWithLog([
    header + entry(1) + entry(9) + footer,
    header + entry(9, { second: 10, bootUUID: '' }) + entry(12),
    entry(1) + entry(4) + entry(9) + footer,
  ])

  expect(messagesOf(await take(mac))).toEqual(['entry 1', 'entry 9', 'entry 4', 'entry 12'])
})

test('after a restart it goes on behind the entry that was sealed last, also among those of one tick', async () => {
  const there = entry(1) + entry(2, { message: 'a' }) + entry(2, { message: 'b' }) + entry(2, { message: 'c' })
  const mac = newMacWithLog([header + there + entry(3) + footer])
  const sealed = { ...(placeOf(Buffer.from(entry(2)), boot) ?? expect.fail()), count: 2 }
  const position = cursorOf(sealed)
  if (!('cursor' in position)) expect.fail()

  const taken = await take(mac, position)

  expect(messagesOf(taken)).toEqual(['c', 'entry 3'])
  expect(taken.filter((each) => 'lost' in each)).toEqual([])
  expect(mac.asked[0]?.slice(-2)).toEqual(['--start', '2026-11-27 14:59:57+0000'])
})

test('an entry that was sealed and is no longer there is a loss, said once', async () => {
  const position = cursorOf(placeOf(Buffer.from(entry(2)), boot) ?? expect.fail())
  if (!('cursor' in position)) expect.fail()

  for (const there of [entry(5), '']) {
    const taken = await take(newMacWithLog([header + there + footer]), position)
    expect(taken.filter((each) => 'lost' in each)).toMatchObject([{ lost: { count: null } }])
  }
})

test('entries of a later start come after those of the one before, whatever their ticks', async () => {
  const position = cursorOf(placeOf(Buffer.from(entry(40)), boot) ?? expect.fail())
  if (!('cursor' in position)) expect.fail()
  const next = 'A'.repeat(8) + boot.slice(8)
  const there = entry(40) + entry(1, { second: 50, bootUUID: next })

  expect(messagesOf(await take(newMacWithLog([header + there]), position))).toEqual(['entry 1'])
})

test('a message cannot say where it stands', () => {
  const message = 'x","machTimestamp":999,"timestamp":"2000-01-01 00:00:00.000000+0000","bootUUID":"y'

  expect(placeOf(Buffer.from(entry(7, { message })), boot)).toMatchObject({ mach: '7', boot })
})

test('a place comes back from its cursor, and nothing else is one', () => {
  const place = placeOf(Buffer.from(entry(7)), boot)

  expect(place && placeIn(cursorOf(place))).toEqual(place)
  for (const cursor of ['', 't=1', `t=1;b=${boot};m=x;n=1`]) expect(placeIn({ cursor })).toBeUndefined()
})

test('lines come out the same however they are cut, and one without end is not held', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' })), fc.integer({ min: 1, max: 9 }), (texts, step) => {
      const cut = newLineCutter()
      const stream = Buffer.from(texts.map((text) => `${text.replaceAll('\n', '')}\n`).join(''))
      const lines = Array.from({ length: Math.ceil(stream.length / step) }, (_, i) =>
        cut(stream.subarray(i * step, (i + 1) * step)),
      ).flat()
      expect(lines.map((line) => `${line}\n`).join('')).toBe(stream.toString())
    }),
  )
  const cut = newLineCutter()
  for (let i = 0; i < 3; i++) expect(cut(Buffer.alloc(1024 * 1024, 'x'))).toEqual([])
  expect(cut(Buffer.from('x\ny\n')).map(String)).toEqual(['too-long', 'y'])
})

test('a machine without the command says so', async () => {
  const { host } = newMacWithLog([])
  host.has = () => false

  const from = { position: () => undefined, files: [], takeFull: () => false, before: new Map() }
  const taken = await Array.fromAsync(macosUnifiedLog.collect(host, new AbortController().signal, from))
  expect(taken).toMatchObject([{ state: 'not-enabled' }])
})
