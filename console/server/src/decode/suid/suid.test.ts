import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { privilegedFiles } from './index.ts'

const read = (row: object) => eventsOf(privilegedFiles, [JSON.stringify(row)])[0]
const events = snapshotEvents(privilegedFiles, 'suid').map(({ event }) => event)

test('programs that were recorded say whose rights they give', () => {
  for (const event of events) expect(event).not.toHaveProperty('error')
  const planted = (name: string) => events.find(({ message }) => message?.startsWith(`/opt/${name} `))
  expect(planted('planted')).toMatchObject({
    event: { category: ['file'], type: ['info'], action: 'setid-file-seen' },
    file: { path: '/opt/planted', mode: '4755', uid: '0', hash: { sha256: expect.any(String) } },
    tidewaiter: { gives: ['setuid'] },
  })
})

test('capabilities are told as they stand', () => {
  expect(
    read({ kind: 'capable-file', path: '/usr/bin/ping', mode: '0755', capabilities: 'cap_net_raw=ep' }),
  ).toMatchObject({ message: '/usr/bin/ping cap_net_raw=ep', tidewaiter: { gives: ['cap_net_raw=ep'] } })
})

test('a volume says whether it was walked whole', () => {
  const row = { kind: 'walk', path: '/', type: 'ext4', files: 9, folders: 3, cut: 0 }

  expect(read(row)).toMatchObject({ message: '/: 9 files, walked to the end', tidewaiter: { whole: true } })
  expect(read({ ...row, cut: 1 })).toMatchObject({ tidewaiter: { whole: false, folders_cut: 1 } })
  expect(read({ ...row, why: 'it takes longer than 20 minutes' })).toMatchObject({ tidewaiter: { whole: false } })
  for (const none of [{ kind: 'walk' }, { kind: 'setid-file' }])
    expect(read(none)).toMatchObject({ event: { kind: 'pipeline_error' } })
})
