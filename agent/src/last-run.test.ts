import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { type DataFolder, lookInto } from './data-folder.ts'
import { temporaryFolder } from './folder.fixture.ts'
import { newFakeHost } from './host.fixture.ts'
import { lastRun, runBegins, runEnds } from './last-run.ts'
import type { Spool } from './spool/spool.ts'

const host = newFakeHost()
const id = 'second'

test('of the first run, or behind a spool that was set aside, nothing is known', () => {
  expect(lastRun({ host, folder: emptyFolder(), spool: spoolWith({}), id })).toBeNull()
})

test('a run that ended in order is told with its cause and time', () => {
  const spool = spoolWith(runEnds(host, 'first', 'service-stopped'))

  expect(lastRun({ host, folder: emptyFolder(), spool, id })).toEqual({
    ended: 'service-stopped',
    at: new Date(host.now()).toISOString(),
  })
})

test('a run that left no word, on a machine that has not booted since, was killed', () => {
  const spool = spoolWith(runBegins(host, 'first'))

  expect(lastRun({ host, folder: emptyFolder(), spool, id })).toEqual({ ended: 'killed', at: null })
})

test('processes that the kernel ended for want of memory meanwhile are counted', () => {
  const [before, after] = [2, 5].map((count) => ({
    ...host,
    readNow: (path: string) => (path === '/proc/vmstat' ? Buffer.from(`nr_free 7\noom_kill ${count}\n`) : undefined),
  }))
  const spool = spoolWith(runBegins(before ?? host, 'first'))

  expect(lastRun({ host: after ?? host, folder: emptyFolder(), spool, id })).toMatchObject({ outOfMemory: 3 })
})

test('a run that left no word before the machine booted went down with it, and when it booted is told', () => {
  const spool = spoolWith(runBegins({ ...host, bootId: 'boot-0' }, 'first'))
  const booted = { ...host, sinceBoot: () => 60_000 }

  expect(lastRun({ host: booted, folder: emptyFolder(), spool, id })).toEqual({
    ended: 'host-down',
    at: null,
    bootedAt: new Date(host.now() - 60_000).toISOString(),
  })
})

test('a process that gave its run up and began anew was not killed', () => {
  expect(lastRun({ host, folder: emptyFolder(), spool: spoolWith(runBegins(host, id)), id })).toMatchObject({
    ended: 'began-anew',
  })
})

test('what is remembered in another shape is not believed', () => {
  expect(lastRun({ host, folder: emptyFolder(), spool: spoolWith({ run: { id: 7 } }), id })).toBeNull()
})

function emptyFolder(): DataFolder {
  return lookInto(temporaryFolder())
}

function spoolWith(remembered: Record<string, unknown>): Pick<Spool, 'recall'> {
  const recall = (name: string, shape: TSchema) => (Value.Check(shape, remembered[name]) ? remembered[name] : undefined)
  // As the spool does it, whose type follows from the shape.
  return { recall: recall as Spool['recall'] }
}
