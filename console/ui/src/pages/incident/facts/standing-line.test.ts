import { expect, test } from 'vitest'
import type { FieldReport } from './field-report.ts'
import { unsavedText } from './standing-line.tsx'

const kept: FieldReport = { status: 'kept', isUnsaved: false, trouble: undefined }
const typed: FieldReport = { status: 'typed', isUnsaved: true, trouble: undefined }

test('nothing is said to be unsaved when the console holds every field', () => {
  expect(unsavedText({ cause: kept, impact: kept })).toBeUndefined()
})

test('the worst comes first: two people, then what is to be fixed, then what is on its way', () => {
  const wrong = { ...typed, trouble: { says: 'Enter the month.', control: 'fact-cause-month' } }
  const saving: FieldReport = { ...typed, status: 'saving' }

  expect(unsavedText({ a: typed, b: kept })).toBe('1 field not saved yet')
  expect(unsavedText({ a: typed, b: saving })).toBe('Saving…')
  expect(unsavedText({ a: wrong, b: saving })).toBe('1 field to fix, not saved')
  expect(unsavedText({ a: wrong, b: { ...typed, status: 'conflict' } })).toContain('two people')
})

test('a time that cannot be read is not called saved, though the console still holds the one before', () => {
  const unreadable = { ...kept, trouble: { says: 'Enter the month.', control: 'fact-cause-month' } }

  expect(unsavedText({ a: unreadable })).toBe('1 field to fix, not saved')
})
