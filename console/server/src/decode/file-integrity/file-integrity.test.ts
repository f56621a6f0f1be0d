import { expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { fileIntegrity } from './index.ts'

const read = (row: object) => eventsOf(fileIntegrity, [JSON.stringify(row)])[0]
const events = snapshotEvents(fileIntegrity, 'file-integrity')
const pathOf = ({ file }: Event) => Object(file).path
const changeOf = (name: string) =>
  events.find(({ holds, event }) => holds !== 'all' && event.message?.startsWith(`/srv/planted/${name}`))?.event

test('files that were recorded say what they are, and none is a change', () => {
  for (const { event } of events) expect(event).not.toHaveProperty('error')
  const told = events.filter(({ holds }) => holds === 'all').map(({ event }) => event)

  expect(told.map(pathOf).slice(0, 3)).toEqual(['/srv/planted', '/srv/planted/content', '/srv/planted/gone'])
  expect(told[1]).toMatchObject({
    event: { kind: 'state', category: ['file'], type: ['info'], action: 'watched-seen' },
    file: { type: 'file', size: 7, uid: '0', inode: expect.any(String), hash: { sha256: expect.any(String) } },
  })
  expect(told.find((event) => pathOf(event) === '/srv/planted/link')).toMatchObject({
    file: { type: 'symlink', target_path: '/etc/passwd' },
  })
  expect(told.find((event) => pathOf(event) === '/srv/planted/privkey.pem')).toMatchObject({
    tidewaiter: { not_hashed: expect.any(String) },
  })
})

test('a change says what changed, and what it was before', () => {
  expect(changeOf('content')).toMatchObject({
    event: { kind: 'event', type: ['change'], action: 'watched-changed' },
    tidewaiter: {
      changed: expect.arrayContaining(['sha256', 'mtime', 'ctime']),
      before: { hash: { sha256: expect.any(String) }, mtime: expect.any(String) },
    },
  })
  expect(changeOf('over')).toMatchObject({ tidewaiter: { before: { inode: expect.any(String) } } })
  expect(changeOf('mode')).toMatchObject({
    message: '/srv/planted/mode: mode, ctime changed',
    tidewaiter: { changed: ['mode', 'ctime'], before: { mode: '0644' } },
  })
  expect(changeOf('sub/fresh')).toMatchObject({ message: '/srv/planted/sub/fresh: new', tidewaiter: { new: true } })
})

test('what is gone says what it was', () => {
  expect(changeOf('gone')).toMatchObject({
    event: { type: ['deletion'], action: 'watched-removed' },
    file: { path: '/srv/planted/gone' },
    tidewaiter: { before: { type: 'file', hash: { sha256: expect.any(String) } } },
  })
})

test('a walk says how far it came', () => {
  const row = { kind: 'look', kept: 9, changes: 2, read: 3, files: 7, folders: 2, cut: 0, whole: true }

  expect(read(row)).toMatchObject({ message: '9 files and folders compared to the end: 2 changes, 3 read' })
  expect(read({ ...row, whole: false })).toMatchObject({ tidewaiter: { whole: false } })
  for (const none of [{ kind: 'look' }, { kind: 'watched' }])
    expect(read(none)).toMatchObject({ event: { kind: 'pipeline_error' } })
})
