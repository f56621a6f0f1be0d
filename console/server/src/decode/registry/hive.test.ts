import { describe, expect, test } from 'vitest'
import { decodeFile } from '../files.ts'
import { deletedAccuracy, hiveAccuracy, ownerAccuracy } from '../registry-truth.fixture.ts'
import { isMissing, pathOf } from '../shared-data.fixture.ts'

const read = (name: string) => Array.fromAsync(decodeFile(pathOf(`registry_hives/${name}`)))

describe.skipIf(isMissing('registry_hives'))('hives of other tools’ tests (shared data)', () => {
  test('have the keys, times, values and data that libhivex reads in them', () => {
    const { records, right, wrong, missed } = hiveAccuracy()

    expect({ right, wrong, missed }).toEqual({ right: records, wrong: 0, missed: 0 })
    expect(records).toBeGreaterThan(148_000)
  })

  test('have the deleted keys and values that reglookup-recover finds, and no others', () => {
    const { records, right, wrong, missed } = deletedAccuracy()

    expect({ right, wrong, missed }).toEqual({ right: records, wrong: 0, missed: 0 })
    expect(records).toBe(19)
  })

  test('have the owners and classes of keys that reglookup reads in them', () => {
    const { records, right, wrong, missed } = ownerAccuracy()

    expect({ right, wrong, missed }).toEqual({ right: records, wrong: 0, missed: 0 })
    expect(records).toBe(40)
  })

  test('a key is one event with its values, at the time it was last written', async () => {
    const events = await read('artemis__win10_NTUSER.DAT')

    expect(events.find(({ registry }) => pathIn(registry) === 'HKCU\\Control Panel\\Cursors')).toMatchObject({
      '@timestamp': '2019-12-07T09:16:14.6151364Z',
      event: { kind: 'state', dataset: 'registry', category: ['configuration'], type: ['info'], action: 'key-found' },
      registry: { hive: 'HKCU', key: 'Control Panel\\Cursors', path: 'HKCU\\Control Panel\\Cursors' },
      tidewaiter: {
        time_is: 'key last written',
        hive: { name: 'NTUSER.DAT', was_dirty: false, writes_recovered: 0 },
        values: expect.arrayContaining([
          { name: 'Scheme Source', type: 'REG_DWORD', data: '2' },
          { name: 'AppStarting', type: 'REG_EXPAND_SZ', data: '%SystemRoot%\\cursors\\aero_working.ani' },
        ]),
      },
    })
  })

  test('an event names the bin that holds its key, and the byte of its cell', async () => {
    const events = await read('regf__100_sub_keys.hiv')

    expect(events[0]?.tidewaiter).toMatchObject({
      record: '67aa9abe820736c53b272f93e86569d3aa7ef113fcff02696ebcd34185d991c5:4096',
      offset: 4128,
    })
  })

  test('what was deleted is told as such, apart from what is there', async () => {
    const events = await read('artemis__win10_NTUSER.DAT')
    const deleted = events.filter(({ tidewaiter }) => tidewaiter.deleted === true)

    expect(deleted.map(({ event, message }) => [event.action, message])).toEqual([
      ['deleted-key-found', 'Deleted: HKCU\\SOFTWARE\\Microsoft\\Connection Manager Old'],
      ['deleted-key-found', 'Deleted: HKCU\\SOFTWARE\\Microsoft\\Connection Manager Old\\UserInfo'],
      ['deleted-value-found', 'Deleted: …\\Default = (its data was written over)'],
    ])
  })

  test('a damaged list of subkeys is told at its key, and the other keys are read', async () => {
    const events = await read('regf__corrupt_sub_key_list.hiv')
    const damaged = events.filter(({ error }) => error !== undefined)

    // As plaso counts them: 100 keys and one warning.
    expect(events.filter(({ event }) => event.action === 'key-found')).toHaveLength(100)
    expect(damaged).toMatchObject([{ registry: { path: 'TestKey' }, error: { code: 'place-impossible' } }])
  })

  test('the hive itself is the last event, with what was found in it', async () => {
    expect((await read('regipy__SECURITY.gz')).at(-1)).toMatchObject({
      event: { action: 'hive-read' },
      error: { code: 'log-missing' },
      tidewaiter: {
        hive: { name: 'SECURITY', was_dirty: true, writes_recovered: 0 },
        hive_read: { version: '1.5', sequence: [107, 106], keys: 100, values: 109, deleted: 1, damaged: 0 },
      },
    })
  })

  test.each([
    ['regipy__SYSTEM.gz', 'SYSTEM'],
    ['regf__SAM', 'SAM'],
    ['regf__NTUSER.DAT', 'NTUSER.DAT'],
    ['regipy__ntuser_software_partial.gz', 'NTUSER.DAT'],
    ['winreg__win10-Amcache.hve', 'Amcache.hve'],
    ['regipy__BCD.gz', 'BCD'],
  ])('%s is known to be %s by its keys', async (name, hive) => {
    expect((await read(name)).at(-1)?.tidewaiter.hive).toMatchObject({ name: hive })
  })
})

function pathIn(registry: unknown): string | undefined {
  return (registry as { path?: string } | undefined)?.path
}
