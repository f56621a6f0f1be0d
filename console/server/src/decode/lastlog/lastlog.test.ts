import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { beginCut } from '../cut.ts'
import { decodeFile } from '../files.ts'
import { decoderByContent } from '../index.ts'
import { eventsOf, recordOf } from '../recorded.fixture.ts'
import { bytesOf, isMissing, truthOf } from '../shared-data.fixture.ts'
import { lastlog } from './index.ts'
import { layoutOf } from './record.ts'

function eventsOfFile(bytes: Buffer) {
  const cut = beginCut(lastlog.cut)
  const decoding = lastlog.start({})
  const events = []
  for (let at = 0, piece = cut(bytes, at); piece !== undefined; at = piece.next, piece = cut(bytes, at))
    events.push(...decoding.push({ ...recordOf(bytes.subarray(at, piece.end)), position: at }))
  return events
}

describe.skipIf(isMissing('linux_login'))('a file that lastlog wrote (shared data)', () => {
  const { entries } = isMissing('linux_login') ? { entries: [] } : truthOf('linux_login').files.lastlog_measured

  test('holds the users, times and places that were written, and no others', () => {
    const events = eventsOfFile(bytesOf('linux_login/lastlog_measured'))

    expect(
      events.map((event) => ({
        uid: Number((event.user as { id?: string }).id),
        time_utc: event['@timestamp'],
        line: event.tidewaiter.terminal,
        host: (event.source as { address?: string }).address,
      })),
    ).toEqual(entries)
  })

  test('is told by its content', () => {
    expect(decoderByContent(bytesOf('linux_login/lastlog_measured').subarray(0, 65_536)).id).toBe('lastlog')
  })
})

/** `struct lastlog` of glibc (bits/utmp.h) on other machines: 64-bit times, and big-endian ones. */
const machines = [
  ['x86-64', 4, true],
  ['64-bit ARM', 8, true],
  ['POWER, big-endian', 4, false],
  ['s390x', 8, false],
] as const

/** The record of user 5, or of the user of this number, and an empty one after it. */
function written(timeBytes: 4 | 8, isLittle: boolean, user = 5): Buffer {
  const record = Buffer.alloc(timeBytes + 288)
  const time = Buffer.alloc(timeBytes)
  if (timeBytes === 8) time.writeBigInt64LE(1_700_000_000n)
  else time.writeUInt32LE(1_700_000_000)
  if (!isLittle) time.reverse()
  time.copy(record)
  record.write('pts/3', timeBytes)
  record.write('192.0.2.44', timeBytes + 32)
  return Buffer.concat([Buffer.alloc(record.length * user), record, Buffer.alloc(record.length)])
}

test.each(machines)('records of %s are told by their structure (from documentation)', (_, timeBytes, isLittle) => {
  const file = written(timeBytes, isLittle)

  expect(layoutOf(file)).toMatchObject({ timeBytes, isLittle })
  expect(eventsOfFile(file)).toMatchObject([
    {
      '@timestamp': '2023-11-14T22:13:20Z',
      user: { id: '5' },
      source: { ip: '192.0.2.44' },
      tidewaiter: { terminal: 'pts/3' },
    },
  ])
})

test.each(machines)(
  'the first record of %s may come after what is looked at to tell the format',
  async (_, timeBytes, isLittle) => {
    const folder = mkdtempSync(join(tmpdir(), 'lastlog-'))
    try {
      const path = join(folder, 'lastlog')
      writeFileSync(path, written(timeBytes, isLittle, 100_001))

      expect(await Array.fromAsync(decodeFile(path))).toMatchObject([
        { event: { dataset: 'lastlog' }, user: { id: '100001' }, tidewaiter: { terminal: 'pts/3' } },
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)

test('bytes that are no record say so, and empty ones say nothing', () => {
  expect(eventsOf(lastlog, [Buffer.alloc(292)])).toEqual([])
  for (const bytes of [Buffer.alloc(291, 1), Buffer.alloc(292, 'x'), Buffer.alloc(400, 1)])
    expect(eventsOf(lastlog, [bytes])).toMatchObject([{ error: { message: expect.any(String) } }])
})

test('other files are not taken for one', () => {
  for (const bytes of [Buffer.alloc(2920), Buffer.alloc(2920, 'x'), Buffer.from('a line of text\n'.repeat(100))])
    expect(layoutOf(bytes)).toBeUndefined()
})
