import { describe, expect, test } from 'vitest'
import { contextByHand } from './context.ts'
import { decoderById } from './index.ts'
import { recordOf } from './recorded.fixture.ts'

const context = contextByHand({ year: 2026, zone: 'UTC' })
const begin = (address = '192.0.2.7') => `sshd[36]: Connection from ${address} port 40000 on 192.0.2.1 port 22`
const failure = 'sshd[36]: error: kex_exchange_identification: Connection closed by remote host'
const recordAt = (at: number, line: string) => ({ ...recordOf(line), id: `host/1/${at}` })

function lastOf(...lines: string[]) {
  const decoding = decoderById('syslog').start(context)
  return lines.flatMap((line, at) => decoding.push(recordAt(at, line))).at(-1)
}

describe('a failure without an address in a process of one connection', () => {
  test('comes from where its process said, and names both records', () => {
    const event = lastOf(`Nov  5 13:34:21 fs ${begin()}`, `Nov  5 13:34:22 fs ${failure}`)

    expect(event).toMatchObject({
      event: { outcome: 'failure', reason: 'Connection closed by remote host' },
      source: { address: '192.0.2.7', ip: '192.0.2.7', port: 40_000 },
      tidewaiter: {
        record: 'host/1/0',
        records: ['host/1/0', 'host/1/1'],
        source_basis: 'an earlier line of the same process',
      },
    })
  })

  test.each([
    ['of another process', begin().replace('36', '37'), '13:34:22 fs'],
    ['of another host', begin(), '13:34:22 other'],
    ['long before', begin(), '13:44:22 fs'],
    ['later on the clock', begin(), '13:34:20 fs'],
    ['of a listener that turned it away', 'sshd[36]: refused connect from 192.0.2.7 (192.0.2.7)', '13:34:22 fs'],
    ['of a connection that ended', 'sshd[36]: Connection closed by 192.0.2.7 port 40000', '13:34:22 fs'],
    ['of one signed in', 'sshd[36]: Accepted password for ana from 192.0.2.7 port 40000 ssh2', '13:34:22 fs'],
    ['of another program', 'other[36]: Connection from 192.0.2.7 port 40000 on 192.0.2.1 port 22', '13:34:22 fs'],
  ])('has none of a line %s', (_, first, second) => {
    const event = lastOf(`Nov  5 13:34:21 fs ${first}`, `Nov  5 ${second} ${failure}`)

    expect(event?.event.outcome).toBe('failure')
    expect(event).not.toHaveProperty('source')
    expect(event?.tidewaiter).not.toHaveProperty('records')
  })

  test('has the later address where the number is used again', () => {
    const lines = [begin(), begin('203.0.113.9'), failure].map((line) => `Nov  5 13:34:21 fs ${line}`)

    expect(lastOf(...lines)?.source).toMatchObject({ ip: '203.0.113.9' })
  })

  test('is completed over the border of two batches, and the state stays small', () => {
    const decoder = decoderById('syslog')
    const many = Array.from(
      { length: 5000 },
      (_, at) =>
        `Nov  5 13:34:21 ${'h'.repeat(at % 500)} sshd[${at}]: Connection from 192.0.2.7 port 1 on 192.0.2.1 port 22`,
    )
    const first = decoder.start(context)
    for (const [at, line] of [...many, `Nov  5 13:34:21 fs ${begin()}`].entries()) first.push(recordAt(at, line))
    const state = JSON.stringify(first.state())

    const [event] = decoder.start(context, JSON.parse(state)).push(recordAt(5001, `Nov  5 13:34:22 fs ${failure}`))

    expect(state.length).toBeLessThan(64 * 1024)
    expect(event?.source).toMatchObject({ ip: '192.0.2.7' })
  })
})

test('an entry of the journal is completed by one of the same process and boot', () => {
  const entry = (second: number, pid: number, message: string) =>
    [
      `__REALTIME_TIMESTAMP=${1_795_700_000 + second}000000`,
      '_BOOT_ID=b0',
      `_PID=${pid}`,
      '_COMM=sshd',
      '_UID=0',
      '_EXE=/usr/sbin/sshd',
      'SYSLOG_IDENTIFIER=sshd',
      `MESSAGE=${message}`,
      '',
    ].join('\n')
  const said = 'Connection from 192.0.2.7 port 40000 on 192.0.2.1 port 22'
  const failed = 'error: kex_exchange_identification: Connection closed by remote host'
  const read = (first: string, second: string) => {
    const decoding = decoderById('journald').start({})
    return [first, second].flatMap((text, at) => decoding.push(recordAt(at, text))).at(-1)
  }

  expect(read(entry(0, 7, said), entry(1, 7, failed))).toMatchObject({
    source: { ip: '192.0.2.7' },
    tidewaiter: { records: ['host/1/0', 'host/1/1'] },
  })
  expect(read(entry(0, 8, said), entry(1, 7, failed))).not.toHaveProperty('source')
  expect(read(entry(0, 7, said).replace('b0', 'b1'), entry(1, 7, failed))).not.toHaveProperty('source')
})
