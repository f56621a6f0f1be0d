import { expect, test } from 'vitest'
import { historyText, lostFilesOf } from './backfill.ts'
import type { Backfill } from './frame.ts'

const reading: Backfill = { unit: 'byte', done: 419, total: 1000, files: { done: 3, total: 12 }, finishedAt: null }

test('progress is said in files and whole percent, and is 100 % only when it is finished', () => {
  expect(historyText(reading)).toBe('reading its history: 3 of 12 files, 41 %')
  expect(historyText({ ...reading, done: 1000 })).toBe('reading its history: 3 of 12 files, 99 %')
  expect(historyText({ unit: 'millisecond', done: 0, total: 0, finishedAt: null })).toBe('reading its history: 0 %')
  expect(historyText({ ...reading, files: { done: 12, total: 12 }, finishedAt: '2026-11-24T10:00:00.000Z' })).toBe(
    'history read: 12 of 12 files',
  )
})

test('a history that is over says how many of its files were not read whole', () => {
  const over = { ...reading, finishedAt: '2026-11-24T10:00:00.000Z' }
  expect(historyText({ ...over, files: { done: 3, total: 4 } })).toBe(
    'history read: 3 of 4 files, 1 could not be read whole: see its losses',
  )
  expect(lostFilesOf({ ...over, files: { done: 3, total: 4 } })).toBe(1)
  expect(lostFilesOf(reading)).toBe(0)
})
