import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contextOf } from './context.ts'
import { cpuMs } from './cpu.fixture.ts'
import { beginCut } from './cut.ts'
import type { Decoder, Event } from './decoder.ts'
import { fromDocs } from './from-docs.fixture.ts'
import { decoders, messageDecoders } from './index.ts'
import { macosRecords } from './macos-rows.from-docs.fixture.ts'
import { fileHead, recorded, recordedChunks, recordedLines, recordOf, snapshotSources } from './recorded.fixture.ts'
import { signInLines } from './sign-in-lines.fixture.ts'

const context = contextOf({ zone: 'America/New_York', utcOffset: -300 }, fileHead)
const lines = ['iso.log', 'classic.log', 'rfc5424.log']
  .flatMap(recordedLines)
  .map((line) => Buffer.from(line, 'latin1'))
const rows = snapshotSources.flatMap((source) =>
  recordedChunks(source).flatMap(({ records }) => records.map((record) => Buffer.from(record))),
)
const journal = recorded('journal.export')
  .toString('latin1')
  .split('\n\n')
  .map((entry) => Buffer.from(`${entry}\n`, 'latin1'))
const requests = [
  `192.0.2.7 - jdoe [17/May/2015:10:05:03 +0000] "GET /a?b=c HTTP/1.1" 200 203023 "https://a.example/" "Mozilla/5.0"`,
].map((line) => Buffer.from(line))
const logins = ['wtmp', 'btmp'].map((name) => recorded(name).subarray(0, 384))
const audit = [
  'type=SYSCALL msg=audit(1492037291.036:59): arch=c000003e syscall=59 success=yes pid=13002 comm="grep" exe=2F62696E key=(null)',
  'type=SOCKADDR msg=audit(1492037291.036:59): saddr=02000050A9FEA9FE0000000000000000',
  `type=USER_LOGIN msg=audit(1492810797.778:12651): pid=1 msg='op=login acct="jdoe" addr=192.0.2.7 res=success'`,
].map((line) => Buffer.from(line))
const packets = ['2021-06-22 12:20:00 ALLOW TCP 192.0.2.7 198.51.100.9 50000 443 0 - 0 0 0 - - - SEND 4242'].map(
  (line) => Buffer.from(line),
)
const tasks = [
  '<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions><Exec/></Actions></Task>',
].map((text) => Buffer.from(text, 'utf16le'))
const winEvents = [
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>1</EventID></System><EventData><Data Name='a'>b</Data></EventData></Event>`,
].map((text) => Buffer.from(text))
const services = signInLines.map(({ line }) => Buffer.from(line('ana')))
const databases = [
  'postgresql-rds.log',
  'postgresql-pgbadger.log',
  'netfilter.log',
  'samba-audit.log',
  'samba-auth.log',
  'pflog.txt',
  'postgresql.csv',
  'postgresql.json',
  ...['error', 'general', 'slow', 'server-audit'].map((name) => `mariadb-${name}.log`),
]
  .flatMap(recordedLines)
  .map((line) => Buffer.from(line, 'latin1'))
const documented = [...Object.values(fromDocs), ...Object.values(macosRecords)].flat().map((line) => Buffer.from(line))
const samples = [
  ...documented,
  ...databases,
  ...services,
  ...tasks,
  ...winEvents,
  ...packets,
  ...audit,
  ...lines,
  ...requests,
  ...rows,
  ...journal,
  ...logins,
]

/** Recorded bytes with pieces of other recordings, of noise and of themselves in them, some bytes changed, or cut off. */
const mutated = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(), fc.nat(60), fc.oneof(fc.constantFrom(...samples), fc.uint8Array({ maxLength: 20 }))), {
      maxLength: 4,
    }),
  )
  .map(([sample, changes]) =>
    changes.reduce((bytes, [at, removed, piece]) => {
      const from = at % (bytes.length + 1)
      return Buffer.concat([bytes.subarray(0, from), piece.subarray(0, removed * 2), bytes.subarray(from + removed)])
    }, sample),
  )
const anyBytes = fc.oneof(
  mutated,
  fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
)

describe.each(decoders.map((decoder) => [decoder.id, decoder] as const))('%s', (_, decoder) => {
  test('reads any bytes into events that can be written out and name their record', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { minLength: 1, maxLength: 3 }), (records) => {
        for (const event of eventsOf(decoder, records)) check(event)
      }),
    )
  })

  test('looks at any beginning of a file, and cuts any bytes so that it comes to an end', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(decoder.detects(bytes)).toBeTypeOf('boolean')
        const cut = beginCut(decoder.cut)
        let at = 0
        for (let piece = cut(bytes, at); piece !== undefined; piece = cut(bytes, at)) {
          expect(piece.end).toBeGreaterThanOrEqual(at)
          expect(piece.next).toBeGreaterThan(at)
          expect(piece.next).toBeLessThanOrEqual(bytes.length)
          at = piece.next
        }
      }),
    )
  })
})

describe.each(messageDecoders.map((decoder) => [decoder.id, decoder] as const))('%s', (_, decoder) => {
  const program = decoder.programs === 'any' ? 'sshd' : (decoder.programs[0] ?? '')
  const messages = [...services, ...lines].flatMap(
    (line) => / \w+(?:\[\d+\])?: (.*)$/s.exec(line.toString('latin1'))?.[1] ?? [],
  )

  test('reads any text', () => {
    const pieces = fc.oneof(
      fc.constantFrom(...messages),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.nat().map(String),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(pieces, fc.nat(80), fc.nat(80)), { minLength: 1, maxLength: 5 }), (all) => {
        const text = all.map(([piece, from, length]) => piece.slice(from, from + length)).join('')
        const message = decoder.decode(text, program)

        if (message !== undefined) expect(JSON.stringify(message)).toBeTypeOf('string')
      }),
    )
  })

  test('takes the longest text that is read in the time its length takes', () => {
    const words = [
      ' from ',
      ' port 22',
      ' for ',
      ' by ',
      'user ',
      ' rhost=',
      ' ruser=',
      ' ; COMMAND=',
      ' ; USER=',
      ':',
      "'",
      '(',
      '\0',
      ' ',
    ]
    const beginnings = [...new Set(messages.map((message) => message.slice(0, 40))), '']
    const startedAt = cpuMs()
    for (const beginning of beginnings)
      for (const word of words)
        decoder.decode(`${beginning}${word.repeat(16_384 / word.length)}`.slice(0, 16_384), program)
    const each = (cpuMs() - startedAt) / (beginnings.length * words.length)

    expect(each).toBeLessThan(10)
  })
})

function eventsOf(decoder: Decoder, records: readonly Uint8Array[]): Event[] {
  const decoding = decoder.start(context)
  const events = [...records.flatMap((bytes) => decoding.push(recordOf(bytes))), ...decoding.end()]
  expect((JSON.stringify(decoding.state()) ?? '').length).toBeLessThanOrEqual(65_536)
  return events
}

function check(event: Event): void {
  const document: Event = JSON.parse(JSON.stringify(event))
  expect(document.tidewaiter.record).toBe('host/1/0')
  expect(document.event.dataset).toMatch(/^[a-z][a-z-]*$/)
  if (document['@timestamp'] !== undefined) expect(Date.parse(document['@timestamp'])).not.toBeNaN()
}
