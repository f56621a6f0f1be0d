import { describe, expect, test } from 'vitest'
import { cpuMs } from './cpu.fixture.ts'
import { beginCut } from './cut.ts'
import { decoders } from './index.ts'
import { eventsOf } from './recorded.fixture.ts'

describe.each(decoders.map((decoder) => [decoder.id, decoder] as const))('%s', (_, decoder) => {
  test.each(longTexts())('takes a record of a mebibyte of %s in the time its length takes', (_, bytes) => {
    const startedAt = cpuMs()
    JSON.stringify(eventsOf(decoder, [bytes]))
    decoder.detects(bytes.subarray(0, 65_536))
    beginCut(decoder.cut)(bytes, 0)

    // What grows with the square of it takes minutes.
    expect(cpuMs() - startedAt).toBeLessThan(3000)
  })
})

function longTexts(): [string, Buffer][] {
  const fill = (text: string) => Buffer.alloc(1024 * 1024, text)
  const after = (begin: string, text: string) => Buffer.concat([Buffer.from(begin), fill(text)])
  return [
    ['one letter', fill('a')],
    ['blanks', fill(' ')],
    ['NULs', Buffer.alloc(1024 * 1024)],
    ['bytes that are no text', Buffer.alloc(1024 * 1024, 0xff)],
    ['line ends', fill('\n')],
    ['empty binary fields', fill('A\n\0\0\0\0\0\0\0\0\n')],
    ['names without end', fill('AAAAAAAAAA\n')],
    ['brackets', fill('[')],
    ['openings of JSON', fill('{"a":')],
    ['colons after a time', after('Nov 25 13:34:21 h sshd[7]: ', ': ')],
    ['words after a time', after('Nov 25 13:34:21 h sshd[7]: Failed password for ', ' from 192.0.2.7 port 22')],
    ['structured data', after('<34>1 2026-11-25T13:34:21Z h a 1 b [', '\\"]"')],
    ['a JSON string', Buffer.from(JSON.stringify({ pid: 1, section: 's', value: 'a'.repeat(1_000_000) }))],
    [
      'a JSON list',
      Buffer.from(
        JSON.stringify({
          pid: 1,
          cmdline: new Array(100_000).fill('a'),
          section: 's',
          value: new Array(100_000).fill(0),
        }),
      ),
    ],
  ]
}
