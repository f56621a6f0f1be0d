import { expect, test } from 'vitest'
import { beginCut } from '../cut.ts'
import { decoderByContent } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { utx } from './index.ts'
import { kindOf } from './record.ts'

/** A record after `struct futx` of FreeBSD (lib/libc/gen/utxdb.h). No recorded file was found to be used. */
function futx(
  type: number,
  { id = '', pid = 0, user = '', line = '', host = '', at = 1_700_000_000_123_456n } = {},
): Buffer {
  const bytes = Buffer.alloc(197)
  bytes[0] = type
  bytes.writeBigUInt64BE(at, 1)
  bytes.write(id, 9)
  bytes.writeUInt32BE(pid, 17)
  bytes.write(user, 21)
  bytes.write(line, 53)
  bytes.write(host, 69)
  return bytes
}

const entries = [
  futx(1),
  futx(4, { id: 'abcdefgh', pid: 4711, user: 'admin', line: 'pts/0', host: '192.0.2.44' }),
  futx(7, { id: 'abcdefgh', pid: 4711 }),
  futx(8),
]

/** As utx.log has them: without the zeros at their ends, each behind its length. */
const log = Buffer.concat(
  entries.flatMap((bytes) => {
    const end = bytes.findLastIndex((byte) => byte !== 0) + 1
    return [Buffer.from([end >> 8, end & 255]), bytes.subarray(0, end)]
  }),
)

function eventsOfFile(bytes: Buffer) {
  const records: Buffer[] = []
  const cut = beginCut(utx.cut)
  let at = 0
  for (let piece = cut(bytes, at); piece !== undefined; piece = cut(bytes, at)) {
    records.push(bytes.subarray(at, piece.end))
    at = piece.next
  }
  return eventsOf(utx, at < bytes.length ? [...records, bytes.subarray(at)] : records)
}

const expected = [
  { '@timestamp': '2023-11-14T22:13:20.123456Z', event: { action: 'boot' } },
  {
    event: { action: 'sign-in', outcome: 'success' },
    user: { name: 'admin' },
    source: { ip: '192.0.2.44' },
    process: { pid: 4711 },
    tidewaiter: { terminal: 'pts/0', session: '6162636465666768' },
  },
  { event: { action: 'sign-out' }, tidewaiter: { session: '6162636465666768' } },
  { event: { action: 'shutdown' } },
]

test('records say the same, cut short in a log and in full in the other files', () => {
  expect(eventsOfFile(log)).toMatchObject(expected)
  expect(eventsOfFile(Buffer.concat(entries))).toMatchObject(expected)
})

test('files are told by their content, and others are not taken for one', () => {
  expect(decoderByContent(log).id).toBe('utx')
  expect(kindOf(Buffer.concat([...entries, Buffer.alloc(197)]))).toBe('fixed')
  expect(kindOf(log.subarray(0, -3))).toBe('log')
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(1970), Buffer.from('text\n'.repeat(200)), log.subarray(1)])
    expect(kindOf(bytes)).toBeUndefined()
})

test('a torn record says so, and empty ones say nothing', () => {
  expect(eventsOfFile(log.subarray(0, -3)).at(-1)).toMatchObject({ error: { message: expect.any(String) } })
  expect(eventsOfFile(Buffer.concat([...entries, Buffer.alloc(197)]))).toHaveLength(4)
})
