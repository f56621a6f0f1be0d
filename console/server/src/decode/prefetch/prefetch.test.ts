import { describe, expect, test } from 'vitest'
import type { Accuracy } from '../accuracy.fixture.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { bytesOf, isMissing } from '../shared-data.fixture.ts'
import { prefetchAccuracy, sampleEvents, samples } from './accuracy.fixture.ts'
import { prefetch } from './index.ts'

const isAbsent = isMissing('windows_prefetch')

describe.skipIf(isAbsent)('prefetch files of Windows XP to 11 (shared data)', () => {
  test('every value of 33 files is the one that sccainfo reads', () => {
    expect(samples().read).toHaveLength(33)
    expect(prefetchAccuracy()).toEqual({ records: 287, right: 287, wrong: 0, missed: 0 } satisfies Accuracy)
  })

  test('each time a program was started is an event, the newest first with what the program opened', () => {
    const events = sampleEvents('Win10__CMD.EXE-D269B812.pf')

    expect(events).toHaveLength(8)
    expect(events[0]).toMatchObject({
      '@timestamp': '2016-01-12T20:07:03.9810694Z',
      event: { category: ['process'], type: ['start'], action: 'process-started' },
      message: 'CMD.EXE was started (the newest of 55 times)',
      process: {
        name: 'CMD.EXE',
        executable: '\\VOLUME{01d1217a9c4c6779-8c9f49ec}\\WINDOWS\\SYSTEM32\\CMD.EXE',
      },
      tidewaiter: {
        prefetch: {
          hash: 'D269B812',
          run: 1,
          run_count: 55,
          volumes: [
            { serial_number: '66f451bc', created: expect.stringMatching(/^2015-/) },
            { serial_number: '8c9f49ec' },
          ],
        },
      },
    })
    expect(events[7]).toMatchObject({
      '@timestamp': '2015-12-17T22:34:21.5798615Z',
      tidewaiter: { prefetch: { run: 8 } },
    })
    expect(events[7]?.file).toBeUndefined()
  })

  test('what a program opened outside the folder of Windows stands in file.path', () => {
    const [event] = sampleEvents('Win10__CMD.EXE-D269B812.pf')

    expect(event?.file).toEqual({
      path: expect.arrayContaining([expect.stringMatching(/CMDER129\\VENDOR\\INIT\.BAT$/)]),
    })
    expect(JSON.stringify(event?.file)).not.toContain('SYSTEM32')
  })

  test.each([
    ['XPPro__CALC.EXE-02CD573A.pf', 17, '2016-01-13T22:05:51.2812500Z'],
    ['Vista__CMD.EXE-89305D47.pf', 23, '2016-01-16T20:03:15.5514245Z'],
    ['winprefetch__AM_DELTA_PATCH_1.443.990.0.EX-7037CF86.pf', 31, '2026-02-04T13:43:44.6686325Z'],
  ])('%s is of version %i', (name, version, at) => {
    expect(sampleEvents(name)).toMatchObject([{ '@timestamp': at, tidewaiter: { prefetch: { version } } }])
  })

  test('a name that was cut is that of the one file that begins with it', () => {
    const [event] = sampleEvents('Win7__DCODEDCODEDCODEDCODEDCODEDCOD-94896A93.pf')

    expect(event?.process).toEqual({
      name: 'DCODEDCODEDCODEDCODEDCODEDCOD',
      executable: expect.stringMatching(/^\\DEVICE\\HARDDISKVOLUME3\\(DCODE){13}\.EXE$/),
    })
  })

  test('they are known by what they hold, and what is packed alike is not taken for one', () => {
    const packed = bytesOf('windows_prefetch/Win10__CMD.EXE-D269B812.pf')
    const other = Buffer.from(packed)
    // The codes of the first letters are others.
    other.fill(0, 264, 280)

    for (const [name] of samples().read)
      expect([name, prefetch.detects(bytesOf(`windows_prefetch/${name}`).subarray(0, 65_536))]).toEqual([name, true])
    expect(prefetch.detects(other)).toBe(false)
    expect(prefetch.detects(Buffer.from('MAM\x04\x00\x00\x01\x00', 'latin1'))).toBe(false)
  })

  test('files that sccainfo refuses are refused', () => {
    expect(samples().refused).toHaveLength(2)
    for (const name of samples().refused)
      expect(sampleEvents(name)).toMatchObject([
        { error: { code: 'format-unknown' }, event: { kind: 'pipeline_error' } },
      ])
  })

  test('of a file that is cut off, the head is read and what is missing is named', () => {
    const bytes = bytesOf('windows_prefetch/Win7__CALC.EXE-77FDF17F.pf')

    const events = eventsOf(prefetch, [bytes.subarray(0, 2000)])

    expect(events[0]).toMatchObject({ '@timestamp': '2016-01-16T20:27:01.1967500Z', process: { name: 'CALC.EXE' } })
    expect(events.slice(1).map(({ error }) => error?.code)).toEqual(['ends-early', 'ends-early', 'ends-early'])
  })

  test('packed bytes that are cut off or changed are said to be damaged, or to be no prefetch file', () => {
    const bytes = bytesOf('windows_prefetch/Win10__CMD.EXE-D269B812.pf')
    const codes = new Set<string | undefined>()
    for (let at = 0; at < bytes.length; at += 97) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0xa5
      for (const event of [...eventsOf(prefetch, [changed]), ...eventsOf(prefetch, [bytes.subarray(0, at)])])
        if (event.error !== undefined) codes.add(event.error.code)
    }

    expect(codes).toContain('compression-damaged')
  })
})

test('a file that claims to unpack to gigabytes is not unpacked', () => {
  const bytes = Buffer.alloc(64)
  bytes.write('MAM\x04', 'latin1')
  bytes.writeUInt32LE(0xffff_fff0, 4)

  expect(eventsOf(prefetch, [bytes])).toMatchObject([{ error: { code: 'too-large' } }])
})
