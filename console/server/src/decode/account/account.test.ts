import { expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { accounts } from './index.ts'

const read = (row: object, holds: 'all' | 'appeared' | 'ended' = 'all') =>
  eventsOf(accounts, [JSON.stringify(row)], { head: { pass: { number: 2, rows: 9, holds } } })[0]

const path = '/home/ana/.ssh/authorized_keys'

test('an account stands in the fields of a user', () => {
  const row = {
    kind: 'account',
    name: 'ana',
    uid: 1000,
    gid: 1001,
    gecos: 'Ana Abara',
    home: '/home/ana',
    shell: '/bin/sh',
  }

  expect(read({ ...row, password: 'elsewhere' })).toMatchObject({
    event: { kind: 'state', category: ['iam'], type: ['user', 'info'], action: 'account-seen', dataset: 'account' },
    user: { name: 'ana', id: '1000', full_name: 'Ana Abara', group: { id: '1001' } },
    message: 'ana 1000 /bin/sh',
    tidewaiter: { kind: 'account', home: '/home/ana', shell: '/bin/sh', password: 'elsewhere' },
  })
  expect(read(row, 'appeared')?.event).toMatchObject({ kind: 'event', type: ['user', 'change'] })
  expect(read({ kind: 'account', name: 'ana' }, 'ended')).toMatchObject({
    event: { type: ['user', 'deletion'], action: 'account-removed' },
    user: { name: 'ana' },
  })
})

test('days of a password file become dates', () => {
  const state = { password: 'set', locked: true, algorithm: 'yescrypt', max: 90 }

  expect(read({ kind: 'password', name: 'ana', ...state, lstchg: 20400, expire: 20999 })).toMatchObject({
    user: { name: 'ana' },
    message: 'password of ana: set, locked, changed 2025-11-08',
    tidewaiter: {
      password_locked: true,
      password_algorithm: 'yescrypt',
      password_changed: '2025-11-08T00:00:00Z',
      password_lasts_days: 90,
      account_expires: '2027-06-30T00:00:00Z',
    },
  })
  expect(read({ kind: 'password', name: 'ana', lstchg: 0 })?.tidewaiter).toMatchObject({ password_must_change: true })
})

test('groups, rules and keys say whom they let in', () => {
  expect(read({ kind: 'group', name: 'sudo', gid: 27, members: ['ana', 'bob'] })).toMatchObject({
    event: { type: ['group', 'info'] },
    group: { name: 'sudo', id: '27' },
    tidewaiter: { members: ['ana', 'bob'] },
  })
  expect(read({ kind: 'sudo-rule', path: '/etc/sudoers', text: 'ana ALL=(ALL) ALL', line: 3 })).toMatchObject({
    event: { category: ['configuration'], type: ['info'] },
    file: { path: '/etc/sudoers', name: 'sudoers' },
    message: 'ana ALL=(ALL) ALL',
  })
  const key = { kind: 'authorized-key', path, account: 'ana', fingerprint: 'SHA256:x', type: 'ssh-ed25519' }
  expect(read({ ...key, options: 'from="192.0.2.7"', comment: 'ana@desk' })).toMatchObject({
    user: { name: 'ana' },
    file: { path },
    message: 'SHA256:x ssh-ed25519 ana@desk opens ana',
    tidewaiter: { key: { fingerprint: 'SHA256:x', options: 'from="192.0.2.7"' } },
  })
})

test('a file stands with its owner, permissions, times and digest', () => {
  const times = { mtime: '2026-11-01T08:00:00.123456789Z', ctime: '2026-11-01T08:00:01.000000000Z' }
  const row = { kind: 'authorized-keys', path, account: 'ana', mode: '0600', uid: 1000, gid: 0, size: 9, ...times }

  expect(read({ ...row, sha256: 'ab'.repeat(32) })).toMatchObject({
    event: { category: ['file'] },
    file: { path, mode: '0600', uid: '1000', gid: '0', size: 9, ...times, hash: { sha256: 'ab'.repeat(32) } },
    user: { name: 'ana' },
  })
})

test('what is no such row says so', () => {
  for (const row of [{}, { kind: 'account' }, { kind: 'toString' }, { kind: 'file', path: 7 }])
    expect(read(row)).toMatchObject({ event: { kind: 'pipeline_error' }, error: { message: expect.any(String) } })
})
