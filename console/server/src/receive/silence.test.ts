import { expect, test } from 'vitest'
import { movedTo } from './farewell.ts'
import { silenceOf } from './silence.ts'

const nowMs = Date.parse('2026-11-24T12:00:00.000Z')
const ago = (seconds: number) => nowMs - seconds * 1000

const gone = {
  isConnected: false,
  isServed: true,
  heardMs: ago(61),
  enrolledMs: ago(86_400),
  farewell: null as string | null,
  certificateEndsMs: nowMs + 86_400_000,
  back: { sinceMs: ago(3690), untilMs: ago(3600) },
}

test.each([
  ['a process that was killed', { farewell: 'closed' }, 'closed', 'killed or crashed'],
  ['a network that is down, sleep, or a power cut', { farewell: 'unanswered' }, 'unanswered', 'asleep'],
  ['a connection that hangs', { isConnected: true }, 'unanswered', 'nothing answers'],
  ['a console that was away then', {}, 'not-back', 'console was away itself'],
  ['a certificate that ended', { certificateEndsMs: ago(30) }, 'certificate-ended', 'certificate ended'],
  ['no console', { isServed: false }, 'not-served', 'No console'],
])('%s is told apart by how the connection ended, and is an alarm', (_what, change, cause, says) => {
  expect(silenceOf({ ...gone, ...change }, nowMs)).toMatchObject({
    cause,
    isExpected: false,
    sinceMs: ago(61),
    says: expect.stringContaining(says),
  })
})

test.each([
  ['stopped', 'signal', false],
  ['service-stopped', 'service manager', false],
  ['uninstalled', 'revoke the host', false],
  ['host-stopping', 'shut down', true],
])(
  'a silence that the agent announced (%s) is one at once, and an alarm unless the machine was shut down',
  (farewell, says, isExpected) => {
    expect(silenceOf({ ...gone, heardMs: ago(1), farewell }, nowMs)).toMatchObject({
      cause: farewell,
      isExpected,
      says: expect.stringContaining(says),
    })
  },
)

test('an agent that begins anew has half a minute to come back, and is an alarm then', () => {
  const restarting = { ...gone, farewell: 'restarting' }

  expect(silenceOf({ ...restarting, heardMs: ago(29) }, nowMs)).toBeUndefined()
  expect(silenceOf({ ...restarting, heardMs: ago(30) }, nowMs)).toMatchObject({
    cause: 'restarting',
    isExpected: false,
    says: expect.stringContaining('did not come back'),
  })
})

test('a host that was enrolled has a minute to be started, and nobody is said to have stopped it', () => {
  const enrolled = { ...gone, farewell: 'enrolled' }

  expect(silenceOf({ ...enrolled, heardMs: ago(59) }, nowMs)).toBeUndefined()
  expect(silenceOf({ ...enrolled, heardMs: ago(60) }, nowMs)).toMatchObject({
    cause: 'enrolled',
    isExpected: false,
    says: expect.stringMatching(/not started since(?!.*somebody)/),
  })
})

test('a word that no agent says, or a name every object has, is no announcement', () => {
  for (const farewell of ['tired', 'constructor', movedTo('ab'.repeat(16))])
    expect(silenceOf({ ...gone, farewell }, nowMs)?.isExpected).toBe(false)
})

test('half a minute a host has to come again, and a connected one a minute to be heard of', () => {
  expect(silenceOf({ ...gone, farewell: 'closed', heardMs: ago(29) }, nowMs)).toBeUndefined()
  expect(silenceOf({ ...gone, farewell: 'closed', heardMs: ago(30) }, nowMs)).toBeDefined()
  expect(silenceOf({ ...gone, isConnected: true, heardMs: ago(59) }, nowMs)).toBeUndefined()
  expect(silenceOf({ ...gone, isConnected: true, heardMs: ago(60) }, nowMs)).toBeDefined()
})

test('after the console was away its hosts have time to come back; those that announced their silence are not waited for', () => {
  const waiting = { ...gone, heardMs: ago(3600), back: { sinceMs: ago(80), untilMs: nowMs + 1 } }

  expect(silenceOf(waiting, nowMs)).toBeUndefined()
  expect(silenceOf({ ...waiting, isConnected: true }, nowMs)).toBeUndefined()
  expect(silenceOf({ ...waiting, farewell: 'host-stopping' }, nowMs)).toBeDefined()
  // What was heard of since then is not waited for any longer than ever.
  expect(silenceOf({ ...waiting, heardMs: ago(70) }, nowMs)).toBeDefined()
  expect(silenceOf({ ...waiting, back: { sinceMs: ago(80), untilMs: nowMs } }, nowMs)).toBeDefined()
})

test('every cause says what it is and since when', () => {
  expect(silenceOf({ ...gone, heardMs: undefined }, nowMs)).toMatchObject({
    cause: 'never-connected',
    sinceMs: ago(86_400),
  })
  expect(silenceOf(gone, nowMs)?.says).toContain('2026-11-24T11:58:59.000Z')
})
