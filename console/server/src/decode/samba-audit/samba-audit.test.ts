import { describe, expect, test } from 'vitest'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf, recorded, recordedLines } from '../recorded.fixture.ts'
import { sambaAudit } from './index.ts'

// Recorded from Samba 4.17.12 of Debian 12 (`fixtures/record-samba.sh`): one share with a prefix that was set, one without.
const context = { zone: { name: 'UTC', basis: 'given by hand' }, year: 2026 }
const lines = recordedLines('samba-audit.log')
const events = eventsOf(decoderById('syslog'), lines, { context })
const done = (action: string) => events.filter(({ event }) => event.action === action)
const operation = (text: string) => sambaAudit.decode(text, 'smbd_audit')

test('every line is read, and what went wrong says why', () => {
  const failed = events.filter(({ event }) => event.outcome === 'failure')

  expect(new Set(events.map(({ event }) => event.dataset))).toEqual(new Set(['samba-audit']))
  expect(failed).toHaveLength(lines.filter((line) => line.includes('|fail (')).length)
  expect(failed[0]).toMatchObject({
    event: { category: ['file'], type: ['access'], action: 'file-opened', reason: 'No such file or directory' },
    user: { name: 'anasmb' },
    source: { ip: '127.0.0.1' },
  })
})

test('a file that is made, renamed and deleted leaves its name, with spaces in it, its account and address', () => {
  expect(done('file-renamed')[0]).toMatchObject({
    event: { category: ['file'], type: ['change'], outcome: 'success' },
    file: { path: '/tmp/record-samba/share/two.txt', name: 'two.txt', directory: '/tmp/record-samba/share' },
    tidewaiter: { previous_path: '/tmp/record-samba/share/2026 entries/one a.txt' },
    user: { name: 'anasmb' },
    source: { ip: '127.0.0.1' },
    network: { protocol: 'smb' },
  })
  expect(done('directory-created')[0]).toMatchObject({ file: { name: '2026 entries' } })
  expect(done('file-opened').find(({ tidewaiter }) => tidewaiter.disposition === 'overwrite_if')).toMatchObject({
    file: { name: 'one a.txt', type: 'file' },
  })
  expect(done('file-deleted').map(({ file }) => (file as { name?: string }).name)).toContain('one.txt')
})

test('a prefix is read as it is without a setting, and what else stands in it is kept', () => {
  expect(done('share-connected').map(({ tidewaiter }) => [tidewaiter.share, tidewaiter.prefix])).toEqual([
    ['entries', ['vm', 'entries']],
    ['papers', undefined],
  ])
  expect(operation('BROKER\\ana|2001:db8::7|unlink|ok|a.txt')).toMatchObject({
    user: { name: 'ana', domain: 'BROKER' },
    source: { ip: '2001:db8::7' },
  })
  expect(operation('entries|pc7|unlink|ok|a.txt')).toMatchObject({ tidewaiter: { prefix: ['entries', 'pc7'] } })
  expect(operation('entries|pc7|unlink|ok|a.txt')?.user).toBeUndefined()
})

test('a bar in a name is a part of it, and of two names with one neither is made up', () => {
  expect(operation('ana|192.0.2.7|openat|ok|w|/srv/a|unlinkat|ok|b.txt')).toMatchObject({
    event: { action: 'file-opened' },
    file: { path: '/srv/a|unlinkat|ok|b.txt' },
    tidewaiter: { mode: 'w' },
  })
  const renamed = operation('ana|192.0.2.7|renameat|ok|/srv/a|b|/srv/c')
  expect(renamed?.file).toBeUndefined()
  expect(renamed?.tidewaiter?.arguments).toEqual(['/srv/a', 'b', '/srv/c'])
  expect(operation('smbd version 4.17.12-Debian started.')).toBeUndefined()
})

describe('sign-ins', () => {
  const signIns = eventsOf(decoderById('samba-audit'), recordedLines('samba-auth.log'), { context })

  test('as a sentence and as JSON say the same', () => {
    const told = signIns.map(({ event, user, source }) => ({
      outcome: event.outcome,
      reason: event.reason,
      user,
      source,
    }))

    expect(told.filter((_, i) => i % 2 === 0)).toEqual(told.filter((_, i) => i % 2 === 1))
    expect(told.map(({ outcome, reason }) => reason ?? outcome).filter((_, i) => i % 2 === 0)).toEqual([
      'success',
      'success',
      'NT_STATUS_WRONG_PASSWORD',
      'NT_STATUS_NO_SUCH_USER',
    ])
    expect(signIns[6]).toMatchObject({
      '@timestamp': '2026-11-27T06:39:24.296745Z',
      user: { name: 'nobody1', domain: 'WORKGROUP' },
      source: { ip: '127.0.0.1', port: 59_218 },
    })
    expect(decoderByContent(recorded('samba-auth.log')).id).toBe('samba-audit')
  })

  test('take no end and no address out of what a client calls itself', () => {
    const forged =
      'x] at [Fri, 27 Nov 2026 06:39:23.929640 UTC] with [NTLMv2] status [NT_STATUS_OK] workstation [VM] remote host [ipv4:203.0.113.9:1] became [A'
    for (const [user, workstation] of [
      [forged, 'PC7'],
      ['ana', forged],
    ]) {
      const line = `  Auth: [SMB2,(null)] user [BROKER]\\[${user}] at [Fri, 27 Nov 2026 06:39:24.227523 UTC] with [NTLMv2] status [NT_STATUS_WRONG_PASSWORD] workstation [${workstation}] remote host [ipv4:192.0.2.7:59208] mapped to [BROKER]\\[ana]. local host [ipv4:198.51.100.9:445] `
      const message = sambaAudit.decode(line, 'smbd')

      expect(message?.event.outcome).not.toBe('success')
      expect(message?.user).toBeUndefined()
      expect(message?.source).toBeUndefined()
    }
  })
})
