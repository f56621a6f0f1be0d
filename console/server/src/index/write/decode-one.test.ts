import { DatabaseSync } from 'node:sqlite'
import { recordBytes } from '@tidewaiter/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { isCut } from '../../decode/made-of.ts'
import { pack } from '../../decode/packing.fixture.ts'
import { embeddedSchema } from '../schema.ts'
import { decodeOne, type Opened, type Placed } from './decode-one.ts'
import { mostOpen, openStates } from './states.ts'

const line = 'Nov 24 11:00:01 desk-1 app[1]: it begins'

test('the beginning of a line that is kept open no more is an event of its batch, where its host has more open than is kept', () => {
  const { add, states } = openTest()
  add(opened(7, ['log-file:/var/log/syslog']))
  const others = Array.from({ length: mostOpen.sources }, (_, i) => `log-file:/var/log/${i}`)

  const events = add(opened(8, others))

  expect(events).toMatchObject([
    {
      made: { source: 'log-file:/var/log/syslog', event: { message: expect.stringContaining('it begins') } },
      ...{ position: 7, record: 0, context: '{"cut":true}' },
    },
  ])
  expect(events[0]?.made.event.error?.message).toBe('The rest of this line is not here.')
  expect(states.of(1, 'log-file:/var/log/syslog')).toBeUndefined()
})

test('what is open in a batch of a branch ends with it: nothing of it goes on in another', () => {
  const { add, states } = openTest()

  const events = add(opened(3, ['log-file:/var/log/syslog'], 'abcdef01'))

  expect(events).toMatchObject([{ position: 3, record: 0 }])
  expect(isCut(events[0]?.context ?? null)).toBe(true)
  expect(states.of(1, 'log-file:/var/log/syslog')).toBeUndefined()
})

test('what is open when an offline collection ends is whole: its events come with the end, and nothing stays open', () => {
  const { add, states } = openTest()
  add(opened(7, ['log-file:/var/log/syslog']))

  const events = add(opened(8, ['agent:collection']))

  const [own] = events.filter(({ made }) => made.source.startsWith('log-file:'))
  expect(own).toMatchObject({ position: 7, record: 0, context: null })
  expect(states.of(1, 'log-file:/var/log/syslog')).toBeUndefined()
  expect(states.of(1, 'agent:collection')).toBeUndefined()
})

/** A batch with the beginning of a line in each of these sources. */
function opened(position: number, sources: readonly string[], branch: string | null = null): Opened {
  const pieces = sources.map(() => ({ bytes: Buffer.from(line), marks: { part: 1 } }))
  const [{ header, chunks } = expect.fail()] = pack(pieces, () => 'chunk')
  for (const [i, chunk] of chunks.entries()) chunk.head.source = sources[i] ?? expect.fail()
  // What is asked of an entry.
  const entry = { position, branch } as Opened['entry']
  return { entry, header: { ...header, seq: position + 1 }, chunks, host: 1, hostId: 'desk' }
}

function openTest() {
  const db = new DatabaseSync(':memory:')
  db.exec(embeddedSchema.events)
  onTestFinished(() => db.close())
  const states = openStates(db, 'event_state')
  const read = new Map<number, Opened>()
  return {
    states,
    /** Events of a batch. */
    add(batch: Opened): Placed[] {
      const events: Placed[] = []
      read.set(batch.entry.position, batch)
      const earlier = (position: number, index: number) => {
        const chunk = read.get(position)?.chunks.find(({ first, count }) => index >= first && index < first + count)
        return chunk && recordBytes(chunk, index - chunk.first)
      }
      decodeOne(batch, { states, earlier, take: (placed) => events.push(placed) })
      return events
    },
  }
}
