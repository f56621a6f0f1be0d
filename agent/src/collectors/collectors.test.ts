import { readdirSync } from 'node:fs'
import { snapshotMs } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { collectors } from './index.ts'

/** Investigative resources of CBP Pub. 3526-0124, Section 2, in its words. */
const resources = [
  'System logs (including event logs)',
  'Operating System files',
  'Memory information',
  'Preliminary Reports (Authorized 3rd Party Observations)',
  'Desktop, laptop, mobile device (if requested)',
  'Network traffic captures',
]

test('every folder is a collector in the list, and its id is the name of the folder', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory())

  expect(collectors.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort())
})

test.for(collectors)('$id says which resource it answers, and what a human must know', (collector) => {
  expect(resources).toContain(collector.resource)
  for (const text of [collector.reads, collector.needs, collector.cannotSee]) expect(text).toMatch(/^\p{Lu}.*\.$/u)
})

test('how often each snapshot is taken stands where a console reads it', () => {
  const snapshots = collectors.flatMap(({ id, every }) => (every === undefined ? [] : [[id, every]]))

  expect(Object.fromEntries(snapshots)).toEqual(snapshotMs)
})
