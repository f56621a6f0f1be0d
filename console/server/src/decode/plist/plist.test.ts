import { describe, expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { decoderByContent } from '../index.ts'
import { askPlistlib, isPythonMissing } from '../plistlib.fixture.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { bytesOf, isMissing } from '../shared-data.fixture.ts'
import { linesOfSample, samples } from './accuracy.fixture.ts'
import { plist } from './index.ts'

const sample = (name: string) => eventsOf(plist, [bytesOf(name)])
const written = (content: string, before = '') =>
  eventsOf(plist, [`<?xml version="1.0" encoding="UTF-8"?>\n${before}<plist version="1.0">${content}</plist>\n`])

describe.skipIf(isMissing('macos', 'browser_history'))('property lists of real Macs (shared data)', () => {
  test.skipIf(isPythonMissing).each(samples)('every value is what Python reads: %s', (name) => {
    expect(linesOfSample(name)).toEqual(askPlistlib(name))
  })

  test.each(samples)('are told by their content: %s', (name) => {
    expect(decoderByContent(bytesOf(name)).id).toBe('plist')
  })

  test('a job of launchd is told with what it runs, as whom, and when', () => {
    expect(sample('macos/plist__launchd.plist')).toMatchObject([
      {
        event: { kind: 'state', action: 'autorun-found' },
        process: { executable: '/Test', name: 'Test', command_line: '/Test --flag arg1', args: ['--flag', 'arg1'] },
        user: { name: 'nobody' },
        tidewaiter: {
          autorun: {
            kind: 'launchd job',
            label: 'com.foobar.test',
            when: expect.arrayContaining(['at load', 'kept alive', 'every 3600 s', 'by the calendar']),
            job: { StartInterval: 3600, WatchPaths: ['/tmp/dir', '/tmp/exist'], Nice: -5 },
          },
        },
      },
    ])
    expect(sample('macos/plist__launchd.plist')[0]).not.toHaveProperty('@timestamp')
  })

  test('what starts at sign-in is told, in each of its files', () => {
    const [hook, , item] = sample('macos/plist__loginwindow.plist')

    expect(hook).toMatchObject({ process: { executable: '/Users/matthew/login.sh' }, user: { name: 'root' } })
    expect(item).toMatchObject({ process: { executable: '/Applications/SafeConnect.app' } })
    expect(sample('macos/plist__com.apple.loginitems.plist')).toMatchObject([
      { process: { name: 'iTunesHelper.app' }, tidewaiter: { autorun: { label: 'iTunesHelper' } } },
    ])
    expect(sample('macos/artemis__emond__test123.plist')).toMatchObject([
      { process: { name: 'poisonapple.sh' }, tidewaiter: { autorun: { kind: 'emond rule', when: ['startup'] } } },
    ])
  })

  test('what runs in the background is told for each user, with whether it may', () => {
    const events = sample('macos/artemis__loginitems__BackgroundItems-v4.btm')

    expect(events).toHaveLength(3)
    expect(events).toMatchObject([
      {
        event: { action: 'autorun-found' },
        process: { executable: '/Applications/Syncthing.app/' },
        tidewaiter: { autorun: { kind: 'background app', label: 'Syncthing', team: 'LQE5SYM783' } },
      },
      {
        process: { executable: '/usr/libexec/amsdstat' },
        file: { path: '/Library/LaunchDaemons/amsdstat.plist' },
        tidewaiter: {
          autorun: { kind: 'background daemon', when: ['switched on', 'allowed', 'its user was not told'] },
        },
      },
      { tidewaiter: { autorun: { identifier: 'com.apple.postfixsetup' } } },
    ])
  })

  test('what was installed is told with the time and the program that did it', () => {
    const events = sample('macos/plist__InstallHistory.plist')

    expect(events).toHaveLength(7)
    expect(events[1]).toMatchObject({
      '@timestamp': '2013-12-28T04:38:11Z',
      event: { category: ['package'], type: ['installation'], action: 'package-installed' },
      package: { name: 'VMware Tools', version: '9.6.1' },
      process: { name: 'Installer' },
      tidewaiter: { install: { identifiers: ['com.vmware.tools.macos.pkg.files'] } },
    })
  })

  test('what Safari downloaded and visited is told like that of other browsers', () => {
    expect(sample('macos/plist__Downloads.plist')[0]).toMatchObject({
      '@timestamp': '2022-12-14T19:05:26.862793Z',
      event: { dataset: 'browser-history', action: 'file-downloaded', outcome: 'success' },
      file: { path: '/Users/me/Downloads/paint.net.4.3.12.install.anycpu.web.exe', size: 826_337 },
    })
    expect(sample('browser_history/plist__History.plist')).toHaveLength(18)
  })

  test('an account is told without what proves its password', () => {
    const [event] = sample('macos/plist__user.plist')

    expect(event).toMatchObject({ event: { action: 'account-found' }, user: { name: 'user', id: '501' } })
    expect(event?.tidewaiter.account).toMatchObject({ has_password: true, shell: '/bin/bash' })
  })

  test('a value that is damaged is told, and the rest is read', () => {
    const [list, ...damages] = sample('macos/artemis__loginitems__malformed__bad_plist.btm')

    expect(list?.tidewaiter.plist).toMatchObject({ $archiver: 'NSKeyedArchiver' })
    expect(damages).toMatchObject([{ error: { code: 'xml-malformed' } }])
  })
})

test('what a document type declares is not followed', () => {
  const entity = '<!DOCTYPE plist [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

  expect(written('<string>&a;</string>', entity)).toMatchObject([{ error: { code: 'xml-malformed' } }])
  expect(written('<string>&a;</string>')).toMatchObject([{ tidewaiter: { plist: '&a;' } }])
})

test('a list that holds itself, or holds one list many times, comes to an end', () => {
  const codes = (events: Event[]) => events.map(({ error }) => (error as { code?: string } | undefined)?.code)

  expect(codes(eventsOf(plist, [binary([[0xa1, 0]])]))).toContain('too-deep')
  const doubling = Array.from({ length: 40 }, (_, i) => (i === 39 ? [0x08] : [0xa2, i + 1, i + 1]))
  expect(codes(eventsOf(plist, [binary(doubling)]))).toEqual(['too-many'])
  expect(codes(written(`${'<array>'.repeat(60_000)}`))).toEqual(['too-deep'])
})

test('numbers, text and dates of every size are read (from documentation)', () => {
  const real = Buffer.alloc(8)
  real.writeDoubleBE(-0.5)
  const objects = [
    [0xa7, 1, 2, 3, 4, 5, 6, 7],
    [0x10, 200],
    [0x13, ...Buffer.alloc(8, 0xff)],
    [0x14, ...Buffer.alloc(8), 0x7f, ...Buffer.alloc(7, 0xff)],
    [0x23, ...real],
    [0x33, ...Buffer.alloc(8)],
    [0x62, 0x73, 0x2b, 0x00, 0x21],
    [0x5f, 0x10, 16, ...Buffer.from('sixteen letters!')],
  ]

  expect(eventsOf(plist, [binary(objects)])).toMatchObject([
    { tidewaiter: { plist: [200, -1, '9223372036854775807', -0.5, null, '猫!', 'sixteen letters!'] } },
  ])
})

/** A list of objects, the first one on top. */
function binary(objects: readonly (readonly number[])[]): Buffer {
  const places: number[] = []
  let at = 8
  for (const object of objects) {
    places.push(at)
    at += object.length
  }
  const trailer = Buffer.alloc(32)
  trailer[6] = 2
  trailer[7] = 1
  trailer.writeBigUInt64BE(BigInt(objects.length), 8)
  trailer.writeBigUInt64BE(BigInt(at), 24)
  const table = Buffer.from(places.flatMap((place) => [place >> 8, place & 255]))
  return Buffer.concat([Buffer.from('bplist00'), Buffer.from(objects.flat()), table, trailer])
}
