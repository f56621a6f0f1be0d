import { expect, test } from 'vitest'
import { addMessage, textEvent, unreadable } from './document.ts'
import { contextText, headerOf, placeOf, recordsOf } from './made-of.ts'
import { messageReader } from './message.ts'
import { recordOf } from './recorded.fixture.ts'

const service = { name: 'sshd' }
const event = { category: ['authentication'], outcome: 'failure', action: 'sign-in' } as const

test('a message gives its meaning to the event of its envelope, which keeps its own', () => {
  const made = textEvent(recordOf('a line'), 'syslog', 'a line')
  made.process = { name: 'sshd', pid: 7 }

  addMessage(made, 'sshd', { event, service, user: { name: 'ana' }, tidewaiter: { method: 'password' } })

  expect(made).toEqual({
    event: { kind: 'event', dataset: 'sshd', type: ['info'], original: 'a line', ...event },
    message: 'a line',
    process: { name: 'sshd', pid: 7 },
    service,
    user: { name: 'ana' },
    tidewaiter: { record: 'host/1/0', method: 'password' },
  })
})

test('what a program started is the process, and the program its parent', () => {
  const made = textEvent(recordOf('a line'), 'syslog', 'a line')
  made.process = { name: 'sudo', pid: 7 }

  addMessage(made, 'sudo', { event, service, started: { executable: '/usr/bin/id' } })

  expect(made.process).toEqual({ executable: '/usr/bin/id', parent: { name: 'sudo', pid: 7 } })
})

test('what could not be read says so and keeps its text', () => {
  expect(unreadable(recordOf('a line'), 'syslog', { says: 'No.', text: 'a line' })).toMatchObject({
    event: { kind: 'pipeline_error', original: 'a line' },
    error: { message: 'No.' },
  })
})

test('a message goes to the decoders of its program in their order, then to those of any', () => {
  const asked: string[] = []
  const decoder = (id: string, programs: readonly string[] | 'any', knows: boolean) => ({
    id,
    title: id,
    programs,
    decode(text: string, program: string) {
      asked.push(`${id}:${program}`)
      return knows && text !== '' ? { event, service } : undefined
    },
  })
  const read = messageReader([
    decoder('any', 'any', true),
    decoder('one', ['sshd', 'su'], false),
    decoder('two', ['sshd'], false),
    decoder('late', 'any', true),
  ])

  expect(read('x', '/usr/sbin/sshd')?.id).toBe('any')
  expect(read('x', 'other')?.id).toBe('any')
  expect(read('', 'su')).toBeUndefined()
  expect(asked).toEqual([
    ...['one:/usr/sbin/sshd', 'two:/usr/sbin/sshd', 'any:/usr/sbin/sshd'],
    ...['any:other'],
    ...['one:su', 'any:su', 'late:su'],
  ])
})

test('the place of an event and its records are read back out of what the index keeps', () => {
  const of = (records?: readonly string[]) => ({
    event: { dataset: 'x' },
    tidewaiter: { record: 'host~01234567/12/34', ...(records && { records }) },
  })
  const joined = of(['host~01234567/12/34', 'host~01234567/13/0'])

  expect(placeOf(joined)).toEqual({ seq: 12, index: 34 })
  expect(contextText(of())).toBeNull()
  expect(recordsOf('host~01234567/12/34', null)).toEqual(['host~01234567/12/34'])
  expect(recordsOf('host~01234567/12/34', contextText(joined))).toEqual(joined.tidewaiter.records)
})

test('the header that a line was read by goes with its row, unless it is longer than a row may hold', () => {
  const withHeader = (header: string) => {
    const made = textEvent(recordOf('a line'), 'iis', 'a line')
    made.tidewaiter.header = header
    return contextText(made)
  }
  const context = withHeader('#Fields: date time c-ip')

  expect(headerOf(context)).toBe('#Fields: date time c-ip')
  expect(recordsOf('host/1/0', context)).toEqual(['host/1/0'])
  expect(headerOf(null)).toBeUndefined()
  expect(withHeader('#'.repeat(1000))).toBeNull()
})
