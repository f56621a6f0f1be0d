import { expect, test } from 'vitest'
import { newFakeHost } from '../host.fixture.ts'
import { bootIdNow, osNow, zoneOf } from './machine.ts'
import { newSystemLog } from './system-log.ts'

/** In the form that sw_vers(1) describes (keith.github.io/xcode-man-pages/sw_vers.1.html). */
const version = 'ProductName:\t\tmacOS\nProductVersion:\t\t14.5\nBuildVersion:\t\t23F79\n'
const id = '3F8C2A0E-5C1B-4D63-9C0B-6E2C6B1B7A55'

test('a Mac says its version, and which of its starts this is', () => {
  const answers: Record<string, string> = { sw_vers: version, sysctl: `${id}\n` }
  const ask = (name: string) => answers[name] ?? ''

  expect(osNow(ask)).toBe('macOS 14.5 (23F79)')
  expect(bootIdNow(ask)).toBe(id)
  expect(osNow(() => '')).toBe('macOS')
})

test('an agent that cannot tell the starts of its machine apart does not run', () => {
  expect(() => bootIdNow(() => 'unknown oid\n')).toThrow(expect.objectContaining({ code: 'command-failed' }))
})

test('the zone is what the link of the system leads to', () => {
  expect(zoneOf('/var/db/timezone/zoneinfo/America/New_York')).toBe('America/New_York')
  expect(zoneOf('/etc/elsewhere')).toBeUndefined()
})

test('a line for the system log is one line, with the program that says it', async () => {
  const asked: (readonly string[])[] = []
  const ask = newFakeHost().ask
  const note = newSystemLog(async (name, args, how) => {
    asked.push([name, ...args])
    return name === 'logger' ? Buffer.from('') : ask(name, args, how)
  })

  expect(await note('tidewaiter-agent: first\nsecond')).toBe(true)
  expect(asked).toEqual([['logger', '-p', 'auth.notice', '-t', 'tidewaiter-agent', '--', 'first second']])
  expect(await newSystemLog(ask)('x')).toBe(false)
})
