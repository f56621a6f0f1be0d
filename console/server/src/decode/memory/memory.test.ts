import { expect, test } from 'vitest'
import { eventsOf, snapshotEvents } from '../recorded.fixture.ts'
import { memory } from './index.ts'

const read = (row: object) => eventsOf(memory, [JSON.stringify(row)])[0]
const events = snapshotEvents(memory, 'memory')

test('each program that was planted is named with what is odd of it', () => {
  const of = (name: string) =>
    events.filter(({ event }) => event.message?.includes(name) && event.event.kind === 'state')[0]?.event
  for (const { event } of events) expect(event).not.toHaveProperty('error')

  expect(of('python3')).toMatchObject({
    tidewaiter: { anomalies: ['writable-and-executable', 'executable-without-file'] },
  })
  expect(of('planted-deleted')).toMatchObject({
    event: { category: ['process'], type: ['info'], action: 'mapping-seen' },
    process: { pid: expect.any(Number), entity_id: expect.stringMatching(/^\d+\.\d+$/), name: 'planted-deleted' },
    file: { path: '/opt/planted-deleted', name: 'planted-deleted' },
    tidewaiter: { anomalies: ['executable-file-deleted'], mapping: { permissions: 'r-xp' } },
  })
  expect(of('memfd:planted')).toMatchObject({ tidewaiter: { anomalies: ['executable-memfd'] } })
  expect(of('planted-open')).toMatchObject({
    ...{ file: { mode: '0777', uid: '0' }, tidewaiter: { anomalies: ['executable-file-world-writable'] } },
  })
})

test('a mapping that came and went is a change and an end', () => {
  const shared = events.filter(({ event }) => event.message?.includes('planted-shared')).map(({ event }) => event)

  expect(shared.map(({ event }) => event.action)).toEqual(['mapping-changed', 'mapping-removed'])
  for (const event of shared)
    expect(event).toMatchObject({ tidewaiter: { anomalies: ['executable-in-shared-folder'] } })
})

test('totals are told in bytes', () => {
  const totals = events.find(({ event }) => event.event.action === 'meminfo-seen')?.event

  expect(totals).toMatchObject({ tidewaiter: { memory_bytes: { total: 24684092 * 1024, swap_total: 0 } } })
  expect(read({ kind: 'swap', Filename: '/dev/vdb', Type: 'partition', Size: '4', Used: '0' })).toMatchObject({
    ...{ file: { path: '/dev/vdb' }, tidewaiter: { swap: { type: 'partition', size: 4096, used: 0 } } },
  })
  expect(read({ kind: 'vmstat', oom_kill: '3' })).toMatchObject({ tidewaiter: { since_boot: { oom_kill: 3 } } })
})

test('a file whose name only says that it was deleted is not called deleted', () => {
  const line = '7f00-8f00 r-xp 00000000 fe:00 7    /tmp/x (deleted)'

  expect(read({ kind: 'mapping', pid: 1, line, fileLinks: 1 })).toMatchObject({
    ...{ file: { path: '/tmp/x (deleted)' }, tidewaiter: { anomalies: ['executable-in-shared-folder'] } },
  })
  expect(read({ kind: 'mapping', pid: 1, line, fileLinks: 0 })).toMatchObject({ file: { path: '/tmp/x' } })
})

test('a row that names no mapping, no total and no count is said to be none', () => {
  for (const none of [
    { kind: 'mapping', pid: 1 },
    { kind: 'mapping', pid: 1, line: 'no mapping' },
    { kind: 'mapping', line: '7f00-8f00 rwxp 00000000 00:00 0 ' },
    { kind: 'meminfo', MemTotal: 'much' },
    { kind: 'vmstat' },
    { kind: 'swap' },
  ])
    expect(read(none)).toMatchObject({ event: { kind: 'pipeline_error' } })
})
