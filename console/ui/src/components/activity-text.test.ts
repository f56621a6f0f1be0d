import { expect, test } from 'vitest'
import { directionOf, happenedOf, programOf } from './activity-text.ts'

const event = (action: string, type: readonly string[] = []) => ({ event: { action, type } })

test('the same process is told apart by whether it started, ran or ended', () => {
  expect(['process-started', 'process-seen', 'process-ended'].map((action) => happenedOf(event(action)))).toEqual([
    'Started',
    'Running',
    'Ended',
  ])
})

test('a connection that is only seen is open while it is established', () => {
  const seen = (state: string) => ({ ...event('connection-seen', ['connection', 'info']), tidewaiter: { state } })

  expect([happenedOf(seen('established')), happenedOf(seen('time-wait'))]).toEqual(['Open', 'Closing'])
})

test('an action of another decoder is said by the type of the event, and an unknown one not at all', () => {
  expect(happenedOf(event('execve', ['start']))).toBe('Started')
  expect(happenedOf(event('toString', ['info']))).toBe('')
  expect(happenedOf({})).toBe('')
})

test('a program has the name of its file, whatever a thread of it calls itself', () => {
  expect(programOf({ process: { name: 'MainThread', executable: '/usr/bin/node' } })).toBe('node')
  expect(programOf({ process: { name: 'x', executable: 'C:\\Windows\\System32\\cmd.exe' } })).toBe('cmd.exe')
  expect(programOf({ process: { name: 'kworker/0:1' } })).toBe('kworker/0:1')
  expect(programOf({ process: { name: 'odd', executable: '/tmp/' } })).toBe('odd')
  expect(programOf({})).toBe('')
})

test('a connection from a host to itself is inside, even where the port of a service gives it a direction', () => {
  const ends = (source: string, destination: string, direction?: string) => ({
    source: { ip: source },
    destination: { ip: destination },
    ...(direction !== undefined && { network: { direction } }),
  })

  expect(directionOf(ends('127.0.0.1', '127.0.0.1', 'ingress'))).toBe('Inside')
  expect(directionOf(ends('127.0.0.1', '127.0.1.1'))).toBe('Inside')
  expect(directionOf({ ...ends('::1', '::1'), tidewaiter: { own_end: 'source' } })).toBe('Inside, from')
  expect(directionOf({ ...ends('::1', '::1'), tidewaiter: { own_end: 'destination' } })).toBe('Inside, to')
  expect(directionOf(ends('192.0.2.7', '192.0.2.7'))).toBe('Inside')
  expect(directionOf(ends('192.0.2.7', '203.0.113.9', 'egress'))).toBe('Out')
  expect(directionOf(ends('192.0.2.7', '203.0.113.9'))).toBe('Unclear')
  expect(directionOf({ destination: { ip: '127.0.0.1' } })).toBe('')
})
