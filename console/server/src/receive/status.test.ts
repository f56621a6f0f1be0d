import type { CapState, SourceState } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { movedTo } from './farewell.ts'
import type { SaidState } from './standings.ts'
import { type Seen, statusOf } from './status.ts'

const nowMs = Date.parse('2026-11-24T12:00:00.000Z')
const ago = (seconds: number) => nowMs - seconds * 1000

const well: Seen = {
  kind: 'agent',
  state: 'active',
  enrolledMs: ago(86_400),
  certificateEndsMs: nowMs + 86_400_000,
  isServed: true,
  isConnected: true,
  mayOnlyRenew: false,
  heardMs: ago(4),
  connectedMs: ago(3600),
  batchMs: ago(20),
  farewell: null,
  said: said({}),
  lag: 0,
  lagSinceMs: undefined,
  fullSinceMs: undefined,
}

function said({
  sources = [],
  spool = {},
  caps = [],
}: {
  sources?: SourceState[]
  spool?: Partial<SaidState['spool']>
  caps?: CapState[]
}): SaidState {
  const none = { batches: 100, bytes: 5_000_000, unacked: 0 }
  return {
    sources: [{ id: 'log-file:/var/log/auth.log', state: 'ok' }, ...sources],
    spool: { ...none, ...spool },
    clockOffsetMs: 0,
    cpuPercent: 1,
    rssBytes: 60_000_000,
    caps,
    since: {},
  }
}

test('a host that is heard of, with nothing waiting and every source well, is online', () => {
  expect(statusOf(well, nowMs)).toEqual({ status: 'online' })
})

const refused = { id: 'journal:system', state: 'failed', why: 'cannot read it: needs root' } as const
const full = { id: 'agent:spool', state: 'failed', why: 'The disk has been full since 11:55.' } as const

const bites = (seconds: number): CapState[] => [
  { cap: 'memoryMb', limit: 200, use: 80 },
  {
    cap: 'cpuPercent',
    limit: 25,
    use: 25.1,
    since: new Date(ago(seconds)).toISOString(),
    why: 'Its CPU cap of 25 % of one core slows it down.',
  },
]

test.each<[string, Partial<Seen>, string, string]>([
  ['said goodbye', { isConnected: false, heardMs: ago(5), farewell: 'stopped' }, 'silent', 'stopped'],
  ['lost its connection', { isConnected: false, heardMs: ago(61) }, 'silent', 'connection was lost'],
  ['hangs', { heardMs: ago(61) }, 'silent', 'connection was lost'],
  [
    'was away when its certificate ended',
    { isConnected: false, heardMs: ago(90_000), certificateEndsMs: ago(80_000) },
    'silent',
    'certificate ended',
  ],
  ['never came', { isConnected: false, heardMs: undefined, said: undefined }, 'silent', 'never connected'],
  [
    'was enrolled just now',
    { isConnected: false, heardMs: undefined, said: undefined, enrolledMs: ago(10) },
    'pending',
    'not connected yet',
  ],
  [
    'has sent its first batch, and no more',
    { isConnected: false, farewell: 'enrolled' },
    'pending',
    'not been started',
  ],
  ['waits for its certificate', { mayOnlyRenew: true, certificateEndsMs: ago(60) }, 'pending', 'admin'],
  ['was let renew it', { mayOnlyRenew: true, certificateEndsMs: nowMs + 60_000 }, 'pending', 'connects again'],
  ['missed a few heartbeats', { heardMs: ago(40) }, 'lagging', 'heartbeat'],
  ['lost its connection a moment ago', { isConnected: false, heardMs: ago(10) }, 'lagging', 'connects again'],
  [
    'is looked at while no console runs',
    { isServed: false, isConnected: false, heardMs: ago(3) },
    'silent',
    'No console runs',
  ],
  ['has much waiting', { said: said({ spool: { unacked: 40 } }) }, 'lagging', '1.9 MB'],
  ['has old evidence waiting', { batchMs: ago(70), said: said({ spool: { unacked: 2 } }) }, 'lagging', '2 batches'],
  ['seals nothing any more', { batchMs: ago(200) }, 'lagging', 'sealed nothing'],
  ['is ahead of the index', { lag: 7, lagSinceMs: ago(90) }, 'lagging', '7 of its batches'],
  ['has no room on its disk', { batchMs: ago(300), said: said({ sources: [refused, full] }) }, 'lagging', 'full since'],
  ['sends into a full ledger', { fullSinceMs: ago(1) }, 'lagging', 'disk of the console'],
  [
    'is slowed down by a cap',
    { said: said({ caps: bites(40), sources: [refused], spool: { unacked: 40 } }) },
    'lagging',
    'CPU cap of 25 % of one core slows it down, since 2026-11-24T11:59:20.000Z.',
  ],
  [
    'is slowed down by a cap, and has no room on its disk',
    { said: said({ caps: bites(40), sources: [full] }) },
    'lagging',
    'full since',
  ],
  ['has a source that fails', { said: said({ sources: [refused] }) }, 'degraded', 'needs root'],
  ['has several that fail', { said: said({ sources: [refused, { ...refused, id: 'x' }] }) }, 'degraded', '1 more'],
  ['was revoked', { state: 'revoked' }, 'revoked', 'revoked'],
  ['goes on under a new key', { farewell: movedTo('ab'.repeat(16)), isConnected: false }, 'retired', 'abab'],
  ['is a set of files', { kind: 'import', isConnected: false, heardMs: undefined }, 'retired', 'Imported'],
])('a host that %s is not online, and the reason is in words', (_what, change, status, why) => {
  const judged = statusOf({ ...well, ...change }, nowMs)

  expect(judged.status).toBe(status)
  expect(judged.why).toContain(why)
})

test('a short queue that moves, and an index a moment behind, make no host lagging', () => {
  const busy = { said: said({ spool: { unacked: 10 } }), batchMs: ago(1), lag: 3, lagSinceMs: ago(2) }

  expect(statusOf({ ...well, ...busy }, nowMs).status).toBe('online')
})

test('a cap that evens out a moment of work makes no host lagging, whatever the clock of the host says', () => {
  const ahead = { ...said({ caps: bites(-3_590) }), clockOffsetMs: 3_600_000 }

  expect(statusOf({ ...well, said: said({ caps: bites(10) }) }, nowMs).status).toBe('online')
  expect(statusOf({ ...well, said: ahead }, nowMs).status).toBe('online')
})

test('a host that went on under a new key and is connected under the old one is two machines', () => {
  expect(statusOf({ ...well, farewell: movedTo('ab'.repeat(16)) }, nowMs).status).toBe('online')
})
