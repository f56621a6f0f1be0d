import { expect, test } from 'vitest'
import { fromDocs } from '../from-docs.fixture.ts'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf, recordOf } from '../recorded.fixture.ts'
import { ibmMq } from './index.ts'

// Written after ibm.com/docs/en/ibm-mq, "Error logs" and "AMQ messages": of these messages no log was at hand.
const lines = fromDocs['ibm-mq'] ?? []
const events = eventsOf(ibmMq, lines)

test('whom the queue manager did not let in is said with name, address, channel and reason', () => {
  expect(events[0]).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21.129Z',
    event: {
      dataset: 'ibm-mq',
      category: ['authentication', 'network'],
      outcome: 'failure',
      action: 'connection-refused',
      code: 'AMQ9777E',
    },
    message: 'AMQ9777E: Channel was blocked',
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
    host: { name: 'mq1' },
    process: { pid: 740, thread: { id: 36 }, name: 'amqrmppa', user: { name: 'mqm' } },
    log: { level: 'error' },
    tidewaiter: { channel: 'APP.SVRCONN', manager: 'QM1' },
  })
  expect(events[1]).toMatchObject({
    event: { action: 'sign-in', outcome: 'failure' },
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
  })
  expect(events[2]).toMatchObject({
    event: { action: 'sign-in', outcome: 'failure', code: 'AMQ9557E' },
    user: { name: 'ana' },
    tidewaiter: { inserts: { ArithInsert2: '2035' } },
  })
  expect(events[3]).toMatchObject({
    event: { action: 'user-not-allowed' },
    user: { name: 'ana' },
    tidewaiter: { object: 'QM1 [qmgr]' },
  })
})

test('channels come and go, with the address that the text has', () => {
  expect(events[4]).toMatchObject({ event: { action: 'connection-opened' }, tidewaiter: { channel: 'TO.QM2' } })
  expect(events[5]).toMatchObject({
    message: "AMQ9209E: Connection to host 'pc7 (192.0.2.7)' for channel 'APP.SVRCONN' closed.",
    event: { action: 'connection-reset' },
    source: { ip: '192.0.2.7', domain: 'pc7' },
    tidewaiter: { channel: 'APP.SVRCONN' },
  })
})

test('releases before 9 have no time that says what is the day and what the month: then none is made up', () => {
  expect(events[6]).toMatchObject({
    event: { action: 'connection-reset', code: 'AMQ9999' },
    source: { ip: '198.51.100.9' },
    tidewaiter: { time: { raw: '01/26/15 08:34:21' }, channel: 'TO.QM2' },
  })
  expect(events[6]?.['@timestamp']).toBeUndefined()
})

test('JSON and the lines of a container say the same', () => {
  expect(events[7]).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21.129Z',
    event: { action: 'connection-reset', code: 'AMQ9209E' },
    source: { ip: '192.0.2.7' },
    tidewaiter: { channel: 'APP.SVRCONN', manager: 'QM1' },
  })
  expect(events[8]).toMatchObject({
    event: { action: 'sign-in', outcome: 'failure' },
    user: { name: 'ana' },
    tidewaiter: { inserts: { CommentInsert3: 'Pipe returned 2035 [FAILED]' } },
  })
  expect(events).toHaveLength(9)
})

test('an entry that is open when a batch ends goes on in the next one', () => {
  for (let cut = 1; cut < 20; cut++) {
    const first = ibmMq.start({})
    const before = lines.slice(0, cut).flatMap((line) => first.push(recordOf(line)))
    const state: unknown = JSON.parse(JSON.stringify(first.state() ?? null)) ?? undefined
    const then = ibmMq.start({}, state)
    const after = lines.slice(cut).flatMap((line) => then.push(recordOf(line)))

    expect([...before, ...after, ...then.end()]).toEqual(events)
  }
})

test('syslog carries the same messages, and each form is known by what it holds', () => {
  const [event] = eventsOf(decoderById('syslog'), [
    "Nov 26 08:34:21 mq1 ibm-mq[7]: AMQ5534E: User ID 'ana' authentication failed [CommentInsert1(ana)]",
  ])

  expect(event).toMatchObject({ event: { dataset: 'ibm-mq', outcome: 'failure' }, user: { name: 'ana' } })
  for (const part of [lines.slice(0, 20), lines.slice(-2, -1), lines.slice(-1)])
    expect(decoderByContent(Buffer.from(`${part.join('\n')}\n`)).id).toBe('ibm-mq')
})
