import { describe, expect, test } from 'vitest'
import { cpuMs } from '../cpu.fixture.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { bytesOf, isMissing, namesIn } from '../shared-data.fixture.ts'
import { sampleEvents, shortcutAccuracy } from './accuracy.fixture.ts'
import { shortcut } from './index.ts'

const isAbsent = isMissing('windows_lnk')

describe.skipIf(isAbsent)('shortcuts of Windows XP to 10 (shared data)', () => {
  test('values are those that lnkinfo and LnkParse3 read', () => {
    const { differences, ...counted } = shortcutAccuracy()

    // Letters of a code page that is not told (two files), and one that UTF-16 does not have. RoboForm wrote two places
    // of its icon, of which lnkinfo gives the one with variables: it is in environment_icon.
    expect(differences.map((text) => text.slice(0, text.indexOf(':')))).toEqual([
      'decoding_error3.lnk file.path',
      'decoding_error4.lnk file.path',
      'decoding_error4.lnk tidewaiter.shortcut.network_path',
      'ez__Win10__RoboForm_Editor.lnk tidewaiter.shortcut.icon',
      'ez__Win10__RoboForm_Editor_1_.lnk tidewaiter.shortcut.icon',
      'unpaired_surrogate.lnk file.path',
      'unpaired_surrogate.lnk tidewaiter.shortcut.relative_path',
    ])
    expect(counted).toEqual({ records: 455, right: 448, wrong: 7, missed: 0 })
  })

  test('none has a part that cannot be read', () => {
    const names = namesIn('windows_lnk').filter((name) => name.endsWith('.lnk'))

    expect(names.flatMap(sampleEvents).filter(({ error }) => error !== undefined)).toEqual([])
  })

  test('target, its size and times, the volume, and the machine with its network address', () => {
    expect(sampleEvents('artemis__12bc0d4f-4af0-4ab8-8538-effab2fe3ef2.json.lnk')).toMatchObject([
      {
        event: { kind: 'state', category: ['file'], type: ['info'], action: 'shortcut-found' },
        file: { size: 2108702, created: '2022-12-13T04:12:26.9299599Z', attributes: ['archive'] },
        volume: { serial_number: '4290933e', device_type: 'fixed', removable: false },
        related: { hosts: ['desktop-uqqdft8'] },
        tidewaiter: {
          shortcut: { tracker: { mac: '00-0C-29-10-67-87', id_created: expect.stringMatching(/^2022-11-26T/) } },
        },
      },
    ])
  })

  test('arguments stand in the message, and a shortcut without a time of its own gets none', () => {
    const [event] = sampleEvents('sample9.lnk')

    expect(event?.message).toBe('Shortcut to C:\\AnonymusBrowser-v2.0\\AnonymusBrowser.exe no_ipcheck no_resize')
    expect(event?.['@timestamp']).toBeUndefined()
  })

  test('a path in a code page that is not told is taken from where it stands in UTF-16', () => {
    expect(sampleEvents('decoding_error3.lnk')).toMatchObject([
      {
        file: { path: 'C:\\Users\\Дима\\Desktop\\PixelMod\\Mod for Pixelmon\\Error Fix.bat' },
        tidewaiter: { shortcut: { target_from: 'property', code_page: 'unknown' } },
      },
    ])
  })

  test('an account is known by its SID', () => {
    expect(sampleEvents('sample10.lnk')).toMatchObject([
      { user: { id: 'S-1-5-21-1430700990-1739138600-2653947104-1104' } },
    ])
  })

  test('a shortcut to a web page has its address', () => {
    const [event] = sampleEvents('ez__Win10__http--go.microsoft.com-fwlink-LinkID=219472_clcid=0x409.lnk')

    expect(event?.url).toEqual({ full: 'http://go.microsoft.com/fwlink/?LinkID=219472&clcid=0x409' })
    expect(event?.file).toBeUndefined()
  })

  test('a jump list of Windows has what was opened with a program, and when', () => {
    expect(sampleEvents('automaticDestinations-ms__9d1f905ce5044aee.automaticDestinations-ms')).toMatchObject([
      {
        '@timestamp': '2016-01-17T13:08:08.2475045Z',
        event: { kind: 'event', type: ['access'], action: 'file-opened' },
        url: { full: 'http://support.microsoft.com/kb/3124263' },
        tidewaiter: { shortcut: { jump_list: { number: 2, count: 1, pinned: false } } },
      },
      { '@timestamp': '2015-12-27T20:10:04.8379816Z', tidewaiter: { shortcut: { jump_list: { number: 1 } } } },
    ])
  })

  test('a jump list of a program has the shortcuts that it put there', () => {
    const events = sampleEvents('customDestinations-ms__368d807282ccde9d.customDestinations-ms')

    expect(events).toHaveLength(3)
    for (const event of events)
      expect(event).toMatchObject({
        file: { path: 'C:\\test' },
        tidewaiter: { shortcut: { arguments: 'My Arguments' } },
      })
  })

  test('every kind is known by what it holds', () => {
    for (const name of namesIn('windows_lnk').filter((name) => !name.endsWith('.json')))
      expect([name, shortcut.detects(bytesOf(`windows_lnk/${name}`))]).toEqual([name, true])
  })

  test('what is cut off or changed anywhere still gives events that name the record', () => {
    for (const name of ['sample9.lnk', 'automaticDestinations-ms__9d1f905ce5044aee.automaticDestinations-ms']) {
      const bytes = bytesOf(`windows_lnk/${name}`)
      for (let at = 0; at < bytes.length; at += 3) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ 0xff
        for (const event of [...eventsOf(shortcut, [changed]), ...eventsOf(shortcut, [bytes.subarray(0, at)])])
          expect(event.tidewaiter.record).toBe('host/1/0')
      }
    }
  })

  test('a jump list whose streams all claim the whole file is read in the time its length takes', () => {
    const bytes = bytesOf('windows_lnk/automaticDestinations-ms__9d1f905ce5044aee.automaticDestinations-ms')
    for (let at = 0; at < bytes.length; at += 64) {
      const changed = Buffer.from(bytes)
      for (const place of [120, 116, 76, 60, 48]) changed.writeUInt32LE(1, Math.min(at + place, bytes.length - 4))
      const startedAt = cpuMs()
      eventsOf(shortcut, [changed])

      expect(cpuMs() - startedAt).toBeLessThan(1000)
    }
  })

  test('a shortcut that ends within its texts keeps what was before, and says so', () => {
    const [event, damage] = eventsOf(shortcut, [bytesOf('windows_lnk/sample9.lnk').subarray(0, 420)])

    expect(event?.file).toMatchObject({ size: expect.any(Number) })
    expect(damage?.error?.code).toBe('ends-early')
  })
})
